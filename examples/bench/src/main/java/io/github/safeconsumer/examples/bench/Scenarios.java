package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.examples.bench.subject.WorkSpec;
import io.github.safeconsumer.examples.bench.subject.WorkSpec.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All scenarios. The counts are such that a run takes a few seconds on two cores. */
final class Scenarios {
  private static final int PARTITIONS = 8;
  private static final int KEYS = 10_000;
  private static final long MANY = 2_000_000;

  private static final List<String> OURS =
      List.of("bare", "naive", "safe-partition", "safe-key", "safe-unordered");
  private static final List<String> PEERS =
      List.of(
          "spring",
          "bare@spring",
          "parallel-partition",
          "parallel-key",
          "parallel-unordered",
          "bare@parallel",
          "share");

  /** Whose attempts at once are not limited by the number of partitions. */
  private static final List<String> WIDE =
      List.of(
          "bare-pool", "safe-key", "safe-unordered", "parallel-key", "parallel-unordered", "share");

  private final Sizes sizes;

  Scenarios(Sizes sizes) {
    this.sizes = sizes;
  }

  List<Scenario> all() {
    return List.of(
        simple("noop-100", "no work, values of 100 B", topic(MANY, 100)),
        simple("noop-1k", "no work, values of 1 KB", topic(500_000, 1_000)),
        simple("json", "no work, a small order decoded from JSON", topic(1_000_000, 0)),
        blocking("blocking-64", 64, 100_000),
        blocking("blocking-1000", 1_000, 300_000),
        cpu(),
        skew(),
        lowRate(),
        simple(
            "partitions-200",
            "no work, values of 100 B, 200 partitions",
            topic(new TopicPlan(200, MANY, 100, KEYS))),
        simple(
            "keys-100k",
            "no work, values of 100 B, 100,000 keys",
            topic(new TopicPlan(PARTITIONS, MANY, 100, 100_000))),
        backlog(),
        batches(),
        growth());
  }

  Optional<Scenario> find(String name) {
    return all().stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }

  private TopicPlan topic(long records, int valueBytes) {
    return topic(new TopicPlan(PARTITIONS, records, valueBytes, KEYS));
  }

  private TopicPlan topic(TopicPlan plan) {
    return plan.records(sizes.records(plan.records()));
  }

  private Variant variant(String name, TopicPlan topic) {
    return Variant.of(name, topic, sizes.concurrency());
  }

  private Scenario simple(String name, String description, TopicPlan topic) {
    return new Scenario(name, description, List.of(variant("", topic)), everybody());
  }

  private static List<String> everybody() {
    List<String> all = new ArrayList<>(OURS);
    all.addAll(PEERS);
    return all;
  }

  private Scenario blocking(String name, int concurrency, long records) {
    WorkSpec work = new WorkSpec(Kind.SLEEP, 2_000, 0, false);
    List<Variant> variants = new ArrayList<>();
    for (int partitions : new int[] {1, PARTITIONS}) {
      TopicPlan topic = topic(new TopicPlan(partitions, records, 100, 100_000));
      variants.add(Variant.of(partitions + "-partitions", topic, concurrency).work(work));
    }
    return new Scenario(
        name, "2 ms of waiting for each record, " + concurrency + " at once", variants, WIDE);
  }

  private Scenario cpu() {
    Variant variant = variant("", topic(50_000, 100)).work(new WorkSpec(Kind.SPIN, 50, 0, false));
    return new Scenario("cpu", "50 us of computing for each record", List.of(variant), everybody());
  }

  private Scenario skew() {
    TopicPlan topic = new TopicPlan(PARTITIONS, sizes.live(2_000, 8), 100, 1_000);
    WorkSpec even = new WorkSpec(Kind.SKEW, 1_000, 1_000, true);
    WorkSpec skewed = new WorkSpec(Kind.SKEW, 1_000, 200_000, true);
    Variant base = Variant.of("no-slow-keys", topic, 64).perSecond(2_000).work(even);
    Variant slow =
        Variant.of("slow-keys", topic, 64).perSecond(2_000).work(skewed).against(base.name());
    return new Scenario(
        "skew",
        "2,000/s produced live, 1 ms of waiting, 200 ms for 1 % of the keys; latencies of the others",
        List.of(base, slow),
        List.of("safe-key", "safe-unordered", "parallel-key", "parallel-unordered"));
  }

  private Scenario lowRate() {
    TopicPlan topic = new TopicPlan(PARTITIONS, sizes.live(500, 8), 100, 1_000);
    Variant variant = variant("", topic).perSecond(500).work(WorkSpec.nothing().withLatencies());
    return new Scenario(
        "low-rate", "500/s produced live, no work; latencies", List.of(variant), everybody());
  }

  private Scenario backlog() {
    Variant variant = variant("", topic(1_000_000, 100)).members(4).concurrency(1);
    return new Scenario(
        "backlog-4",
        "no work, a million records, 4 members with one handler each",
        List.of(variant),
        everybody());
  }

  private Scenario batches() {
    return new Scenario(
        "batch-500",
        "no work, values of 100 B, batches of 500",
        List.of(variant("", topic(MANY, 100)).batches(500)),
        List.of(
            "bare",
            "naive",
            "safe-batch",
            "spring",
            "bare@spring",
            "parallel-partition",
            "bare@parallel"));
  }

  private Scenario growth() {
    List<Variant> variants = new ArrayList<>();
    for (int times : new int[] {1, 4, 16}) {
      TopicPlan topic = topic(new TopicPlan(PARTITIONS, 250_000L * times, 100, 1_000 * times));
      variants.add(variant(times + "x", topic).against(times == 1 ? "" : "1x"));
    }
    return new Scenario(
        "growth",
        "no work: the cost of a record at 1, 4, 16 times the records and keys",
        variants,
        List.of("bare", "safe-partition", "safe-key", "safe-unordered"));
  }
}
