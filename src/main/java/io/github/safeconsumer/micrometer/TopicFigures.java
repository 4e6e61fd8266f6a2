package io.github.safeconsumer.micrometer;

import io.github.safeconsumer.BudgetStatus.TopicLatency;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.Status;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Figures of each topic: of its partitions owned here the sum, or the largest. Of more topics than
 * may be shown, the rest are taken together as {@link #OTHER}, so that sums stay right.
 */
final class TopicFigures {
  /** No topic can be called this. */
  static final String OTHER = "(other)";

  /** What is added up of one topic. */
  private static final class Sum {
    private long lag;
    private int lagUnknown;
    private double age = Double.NaN;
    private double done;
    private double arrived;
    private double drain = Double.NaN;
    private int inFlight;
    private double oldestAttempt;
    private int retrying;
    private int blocked;
    private int deadLettering;
    private int suspects;
    private int buffered;
    private long bufferedBytes;

    void add(PartitionStatus one) {
      lag += one.lag().orElse(0);
      lagUnknown += one.lag().isPresent() ? 0 : 1;
      age = Seconds.max(age, Seconds.age(one));
      done += one.donePerSecond().orElse(0);
      arrived += one.arrivedPerSecond().orElse(0);
      drain = Seconds.max(drain, Seconds.of(one.timeToDrain()));
      inFlight += one.inFlight();
      oldestAttempt = Seconds.max(oldestAttempt, Seconds.oldestAttempt(one));
      retrying += one.waiting();
      blocked += one.blocked();
      deadLettering += one.deadLettering();
      suspects += one.suspects();
      buffered += one.buffered();
      bufferedBytes += one.bufferedBytes();
    }

    void write(String topic, Sheet sheet) {
      sheet.put(Figure.LAG, lag, topic);
      sheet.put(Figure.LAG_UNKNOWN, lagUnknown, topic);
      sheet.put(Figure.AGE, age, topic);
      sheet.put(Figure.DONE_RATE, done, topic);
      sheet.put(Figure.ARRIVED_RATE, arrived, topic);
      sheet.put(Figure.DRAIN_TIME, drain, topic);
      sheet.put(Figure.IN_FLIGHT, inFlight, topic);
      sheet.put(Figure.OLDEST_ATTEMPT, oldestAttempt, topic);
      sheet.put(Figure.RETRYING, retrying, topic);
      sheet.put(Figure.BLOCKED, blocked, topic);
      sheet.put(Figure.DEAD_LETTERING, deadLettering, topic);
      sheet.put(Figure.SUSPECTS, suspects, topic);
      sheet.put(Figure.BUFFERED, buffered, topic);
      sheet.put(Figure.BUFFERED_MEMORY, bufferedBytes, topic);
    }
  }

  /** Of the topics taken together, the slowest. */
  private static final class Latency {
    private double half = Double.NaN;
    private double most = Double.NaN;
    private double all = Double.NaN;

    void add(TopicLatency one) {
      half = Seconds.max(half, Seconds.of(one.p50()));
      most = Seconds.max(most, Seconds.of(one.p95()));
      all = Seconds.max(all, Seconds.of(one.p99()));
    }

    void write(String topic, Sheet sheet) {
      sheet.put(Figure.HANDLER_LATENCY, half, topic, "50");
      sheet.put(Figure.HANDLER_LATENCY, most, topic, "95");
      sheet.put(Figure.HANDLER_LATENCY, all, topic, "99");
    }
  }

  private TopicFigures() {}

  static void write(Status status, int mostTopics, Sheet sheet) {
    Set<String> shown = shown(status, mostTopics);
    Map<String, Sum> sums = new TreeMap<>();
    for (PartitionStatus one : status.partitions()) {
      sums.computeIfAbsent(name(one.partition().topic(), shown), added -> new Sum()).add(one);
    }
    sums.forEach((topic, sum) -> sum.write(topic, sheet));
    Map<String, Latency> latencies = new TreeMap<>();
    for (TopicLatency one : status.budget().latencies()) {
      latencies.computeIfAbsent(name(one.topic(), shown), added -> new Latency()).add(one);
    }
    latencies.forEach((topic, latency) -> latency.write(topic, sheet));
  }

  /** The first ones by name; those with partitions here before those without. */
  private static Set<String> shown(Status status, int mostTopics) {
    Stream<String> owned = status.partitions().stream().map(p -> p.partition().topic()).sorted();
    Stream<String> observed = status.budget().latencies().stream().map(TopicLatency::topic);
    return Stream.concat(owned, observed.sorted())
        .distinct()
        .limit(mostTopics)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(String topic, Set<String> shown) {
    return shown.contains(topic) ? topic : OTHER;
  }
}
