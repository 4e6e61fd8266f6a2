package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.examples.bench.subject.Answer;
import io.github.safeconsumer.examples.bench.subject.Answer.What;
import io.github.safeconsumer.examples.bench.subject.Latencies;
import io.github.safeconsumer.examples.bench.subject.RunSpec;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;

/** One run of one subject, from its group's first join to its last commit. */
final class RunOnce {
  private static final long TIMEOUT_MILLIS = 300_000;
  private static final long COMMIT_TIMEOUT_MILLIS = 20_000;
  private static final long SLACK_MILLIS = 30_000;
  private static final long COMMIT_POLL_MILLIS = 5;
  private static final Latencies NOT_MEASURED = Latencies.of(new Histogram(3));

  private final String bootstrap;
  private final Admin admin;
  private final Topics topics;
  private final Map<String, String> client;

  RunOnce(String bootstrap, Admin admin, Topics topics, Map<String, String> client) {
    this.bootstrap = bootstrap;
    this.admin = admin;
    this.topics = topics;
    this.client = Map.copyOf(client);
  }

  Figures run(Child child, SubjectKind kind, Variant variant)
      throws ChildFailure, InterruptedException {
    return variant.isLive() ? live(child, kind, variant) : filled(child, kind, variant);
  }

  private Figures filled(Child child, SubjectKind kind, Variant variant)
      throws ChildFailure, InterruptedException {
    RunSpec spec = spec(kind, variant, topics.filled(variant.topic()), 0);
    child.run(spec);
    Answer handled = child.await(What.HANDLED, TIMEOUT_MILLIS + SLACK_MILLIS);
    double lastCommit = kind.commits() ? awaitCommitted(child, spec) : Double.NaN;
    child.finish();
    Answer closed = child.await(What.CLOSED, SLACK_MILLIS * 2);
    return Figures.of(variant, handled.result(), closed.closing(), NOT_MEASURED, lastCommit);
  }

  private Figures live(Child child, SubjectKind kind, Variant variant)
      throws ChildFailure, InterruptedException {
    String topic = "live-" + UUID.randomUUID();
    TopicPlan plan = variant.topic();
    topics.create(topic, plan.partitions());
    RunSpec spec = spec(kind, variant, topic, plan.partitions());
    try (LiveFeed feed = new LiveFeed(bootstrap, topic, plan);
        CommitWatch watch = new CommitWatch(admin, spec.group())) {
      feed.prime();
      child.run(spec);
      child.await(What.PRIMED, TIMEOUT_MILLIS + SLACK_MILLIS);
      feed.run(variant.perSecond());
      Answer handled = child.await(What.HANDLED, TIMEOUT_MILLIS + SLACK_MILLIS);
      double lastCommit = kind.commits() ? awaitCommitted(child, spec) : Double.NaN;
      child.finish();
      Answer.Closing closing = child.await(What.CLOSED, SLACK_MILLIS * 2).closing();
      Latencies committed = watch.latencies(closing.handledAt());
      return Figures.of(variant, handled.result(), closing, committed, lastCommit);
    } finally {
      topics.delete(topic);
    }
  }

  private RunSpec spec(SubjectKind kind, Variant variant, String topic, long prime) {
    return new RunSpec(
        kind.type(),
        bootstrap,
        List.of(topic),
        "bench-" + UUID.randomUUID(),
        prime,
        variant.topic().records(),
        kind.ordering(),
        variant.concurrency(),
        variant.batchSize() > 0 ? variant.batchSize() : kind.batchSize(),
        variant.isJson(),
        variant.members(),
        TIMEOUT_MILLIS,
        variant.work(),
        client);
  }

  /** Every record of the topic, and so its end, must be committed by the subject's own means. */
  private double awaitCommitted(Child child, RunSpec spec)
      throws ChildFailure, InterruptedException {
    long start = System.nanoTime();
    long wanted = spec.prime() + spec.records();
    while (true) {
      Map<Integer, Long> offsets = CommitWatch.committed(admin, spec.group());
      long committed = offsets.values().stream().mapToLong(Long::longValue).sum();
      double millis = (System.nanoTime() - start) / 1e6;
      if (committed >= wanted) {
        return millis;
      }
      if (millis > COMMIT_TIMEOUT_MILLIS) {
        throw child.failure(
            "handled " + wanted + " records, but has committed only " + committed + " of them");
      }
      TimeUnit.MILLISECONDS.sleep(COMMIT_POLL_MILLIS);
    }
  }
}
