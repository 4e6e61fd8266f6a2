package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.examples.bench.subject.WorkSpec;

/**
 * One setting of a scenario: what every subject is run with.
 *
 * @param name within the scenario
 * @param topic the records; where there is a rate, a new topic for each run
 * @param concurrency calls of the work at once, in each member
 * @param batchSize records handled in one call; 0 for one by one
 * @param members consumers in the group
 * @param work what handling costs
 * @param perSecond at which rate records are produced while the subject runs; 0 where all are there
 *     before it starts
 * @param against name of a variant of the scenario whose figures of the same round these are
 *     compared with; empty for none
 */
record Variant(
    String name,
    TopicPlan topic,
    int concurrency,
    int batchSize,
    int members,
    WorkSpec work,
    int perSecond,
    String against) {

  static Variant of(String name, TopicPlan topic, int concurrency) {
    return new Variant(name, topic, concurrency, 0, 1, WorkSpec.nothing(), 0, "");
  }

  Variant topic(TopicPlan plan) {
    return new Variant(name, plan, concurrency, batchSize, members, work, perSecond, against);
  }

  Variant concurrency(int calls) {
    return new Variant(name, topic, calls, batchSize, members, work, perSecond, against);
  }

  Variant batches(int size) {
    return new Variant(name, topic, concurrency, size, members, work, perSecond, against);
  }

  Variant members(int count) {
    return new Variant(name, topic, concurrency, batchSize, count, work, perSecond, against);
  }

  Variant work(WorkSpec cost) {
    return new Variant(name, topic, concurrency, batchSize, members, cost, perSecond, against);
  }

  Variant perSecond(int rate) {
    return new Variant(name, topic, concurrency, batchSize, members, work, rate, against);
  }

  Variant against(String variant) {
    return new Variant(name, topic, concurrency, batchSize, members, work, perSecond, variant);
  }

  boolean isLive() {
    return perSecond > 0;
  }

  boolean isJson() {
    return topic.valueBytes() == 0;
  }

  /**
   * What others are held against: the limit of the client. Where handling means waiting, one at a
   * time is no limit of anything.
   */
  String base() {
    return Double.isNaN(limitPerSecond()) ? Subjects.BARE : Subjects.BARE_POOL;
  }

  /** Where handling means waiting: the records a second that the calls at once allow, else NaN. */
  double limitPerSecond() {
    boolean waits = work.kind() == WorkSpec.Kind.SLEEP;
    return waits ? concurrency * members * 1e6 / work.micros() : Double.NaN;
  }
}
