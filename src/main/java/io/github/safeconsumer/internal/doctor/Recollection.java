package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.doctor.Sample.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What is remembered from look to look. Not thread-safe. */
final class Recollection {
  /**
   * Long enough to span several commits of a plain consumer, which commits every five seconds;
   * short enough to follow what changes.
   */
  private static final Duration KEPT = Duration.ofSeconds(30);

  private final List<Sample> samples = new ArrayList<>();
  private final Map<TopicPartition, Stand> stands = new HashMap<>();

  private record Stand(long position, String owner, Instant since) {}

  /** Adds a look. */
  Looks add(Sample now) {
    samples.add(now);
    Instant oldest = now.at().minus(KEPT);
    while (samples.size() > 2 && samples.get(0).at().isBefore(oldest)) {
      samples.remove(0);
    }
    stands.keySet().retainAll(now.logs().keySet());
    now.logs().forEach((partition, log) -> stand(now, partition, log));
    Map<TopicPartition, Instant> standing = new HashMap<>();
    stands.forEach((partition, stand) -> standing.put(partition, stand.since()));
    return new Looks(List.copyOf(samples), standing);
  }

  private void stand(Sample now, TopicPartition partition, Log log) {
    if (log.lag() == 0) {
      stands.remove(partition);
      return;
    }
    String owner = now.owner(partition).map(Sample.Member::id).orElse("");
    Stand earlier = stands.get(partition);
    if (earlier == null || earlier.position() != log.position() || !earlier.owner().equals(owner)) {
      stands.put(partition, new Stand(log.position(), owner, now.at()));
    }
  }
}
