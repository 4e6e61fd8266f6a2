package io.github.safeconsumer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Facts for an oracle, written by hand: two consumers, two partitions of ten records each. */
final class Ledger {
  static final TopicPartition T0 = new TopicPartition("t", 0);
  static final TopicPartition T1 = new TopicPartition("t", 1);
  static final long SECOND = 1_000_000_000L;
  static final int MOST_ATTEMPTS = 3;

  final Oracle oracle = new Oracle();
  private final Map<String, Long> works = new HashMap<>();
  private long now = SECOND;
  private long work;

  /** Consumers "a" with one attempt at once and "b" with two, of one static identity. */
  Ledger() {
    this(Ordering.PARTITION, 1, 2, 1);
  }

  Ledger(Ordering ordering, int concurrencyOfA, int concurrencyOfB, int batch) {
    see(new Fact.Built("a", traits("pa", ordering, concurrencyOfA, batch, 4096)));
    see(new Fact.Built("b", traits("pb", ordering, concurrencyOfB, batch, 4096)));
    for (long offset = 0; offset < 10; offset++) {
      see(new Fact.Appended(T0, offset));
      see(new Fact.Appended(T1, offset));
    }
  }

  static Traits traits(
      String process, Ordering ordering, int concurrency, int batch, int metadata) {
    return new Traits(
        process,
        ordering,
        concurrency,
        batch,
        5 * SECOND,
        20 * SECOND,
        MOST_ATTEMPTS,
        metadata,
        "static",
        3,
        0);
  }

  void see(Fact fact) {
    oracle.see(now, fact);
  }

  void pass(long nanos) {
    now += nanos;
  }

  void seeAfter(long nanos, Fact fact) {
    pass(nanos);
    see(fact);
  }

  /** Takes over, with a lease that covers all records. */
  void owns(String consumer, int client, TopicPartition... partitions) {
    see(new Fact.Creating(consumer));
    see(new Fact.Created(consumer, client));
    takes(consumer, client, Note.lease(10), partitions);
  }

  void takes(String consumer, int client, Note opening, TopicPartition... partitions) {
    see(new Fact.Assigned(consumer, client, Set.of(partitions)));
    for (TopicPartition partition : partitions) {
      see(confirmed(consumer, client, partition, 0, opening));
    }
  }

  /** Closes its client, which hands over before. */
  void leaves(String consumer, int client) {
    see(new Fact.CallBegun(consumer, client, "close"));
    see(new Fact.Closed(consumer, client));
  }

  /** A note of one record that failed so often. */
  static Note failed(long offset, int attempts) {
    return new Note(true, 10, Map.of(offset, attempts), Set.of(), List.of());
  }

  /** A note of one range that is done. */
  static Note done(long from, long to) {
    return new Note(true, 10, Map.of(), Set.of(), List.of(new Note.Range(from, to)));
  }

  static Fact confirmed(
      String consumer, int client, TopicPartition partition, long offset, Note note) {
    return new Fact.CommitAnswered(
        consumer, client, List.of(new Note.Position(partition, offset, note)), true);
  }

  static Fact committed(
      String consumer, int client, TopicPartition partition, long offset, Note note) {
    return new Fact.Committed(consumer, client, new Note.Position(partition, offset, note));
  }

  static Fact committed(String consumer, int client, TopicPartition partition, long offset) {
    return committed(consumer, client, partition, offset, Note.lease(10));
  }

  /** Applied, and the client was told. */
  void commits(String consumer, int client, TopicPartition partition, long offset, Note note) {
    see(committed(consumer, client, partition, offset, note));
    see(confirmed(consumer, client, partition, offset, note));
  }

  void begins(String consumer, TopicPartition partition, long offset, int attempt, String key) {
    works.put(consumer + partition + offset, ++work);
    see(new Fact.Begun(consumer, partition, offset, attempt, key, work, 1));
  }

  void begins(String consumer, TopicPartition partition, long offset, int attempt) {
    begins(consumer, partition, offset, attempt, null);
  }

  /** One call for several records, each as its given attempt. */
  void beginsBatch(String consumer, TopicPartition partition, Map<Long, Integer> attempts) {
    work++;
    List<Long> offsets = new ArrayList<>(attempts.keySet());
    for (long offset : offsets) {
      works.put(consumer + partition + offset, work);
      see(
          new Fact.Begun(
              consumer, partition, offset, attempts.get(offset), null, work, offsets.size()));
    }
  }

  void ends(String consumer, TopicPartition partition, long offset, Fact.End end) {
    see(new Fact.Ended(consumer, partition, offset, end, works.get(consumer + partition + offset)));
  }

  void does(String consumer, TopicPartition partition, long offset) {
    begins(consumer, partition, offset, 1);
    ends(consumer, partition, offset, Fact.End.DONE);
  }

  void fails(String consumer, TopicPartition partition, long offset, int attempt) {
    begins(consumer, partition, offset, attempt);
    ends(consumer, partition, offset, Fact.End.FAILED);
  }

  void caught(Invariant invariant) {
    assertThat(oracle.violations())
        .extracting(Verdicts.Violation::invariant)
        .containsExactly(invariant);
  }

  void nothingCaught() {
    assertThat(oracle.violations()).isEmpty();
  }

  void checked(Invariant invariant) {
    assertThat(oracle.premises()).containsKey(invariant);
  }
}
