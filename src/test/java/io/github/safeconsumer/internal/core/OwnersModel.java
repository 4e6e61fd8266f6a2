package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.RetryEntry.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One log and owners that die after each other; what each commit said, and what follows from it.
 */
final class OwnersModel {
  private static final int RECORDS = 60;

  /** What is known of the records. */
  private record Known(Set<Long> done, Map<Long, Integer> charged, Set<Long> owed) {
    Known copy() {
      return new Known(new HashSet<>(done), new HashMap<>(charged), new HashSet<>(owed));
    }
  }

  private final Ordering ordering;
  private final Random random;
  private final TreeMap<Long, ConsumerRecord<byte[], byte[]>> log = new TreeMap<>();
  private @Nullable Note committed;
  private Known confirmed = new Known(new HashSet<>(), new HashMap<>(), new HashSet<>());
  private Known now = confirmed;
  private OwnedPartition partition;
  private final List<Attempt> parked = new ArrayList<>();

  OwnersModel(Ordering ordering, Random random) {
    this.ordering = ordering;
    this.random = random;
    long offset = 0;
    for (int i = 0; i < RECORDS; i++) {
      offset += 1 + random.nextInt(2);
      log.put(offset, Records.keyed(i % 7 == 0 ? null : "k" + random.nextInt(5), offset));
    }
    this.partition = open();
  }

  private OwnedPartition open() {
    Note note = committed;
    OwnedPartition opened = Records.acquiring(new PauseGate(), ordering);
    Records.open(opened, note == null ? 0 : note.base(), note);
    return opened;
  }

  /** An owner takes over from what was committed, works for so many steps, and dies. */
  void live(int steps) {
    now = confirmed.copy();
    parked.clear();
    for (long offset : List.copyOf(log.keySet())) {
      if (random.nextInt(40) == 0) {
        log.remove(offset); // compacted away
      }
    }
    partition = open();
    for (int i = 0; i < steps; i++) {
      switch (random.nextInt(6)) {
        case 0 -> poll(1 + random.nextInt(10));
        case 1 -> commit(-1);
        case 2 -> goOn();
        default -> run();
      }
    }
    partition.end();
  }

  private void poll(int most) {
    List<ConsumerRecord<byte[], byte[]>> records =
        log.tailMap(partition.next()).values().stream().limit(most).toList();
    assertThat(partition.add(records)).isTrue();
  }

  private void commit(long position) {
    Progress progress = partition.progress(position, 0);
    if (progress != null) {
      committed = progress.note(Identity.of(null, null), 1); // checks that it makes sense
      confirmed = now.copy();
      partition.confirm(progress, "note", 0);
    }
  }

  private void goOn() {
    if (parked.isEmpty()) {
      return;
    }
    Attempt one = parked.remove(random.nextInt(parked.size()));
    if (now.owed().contains(one.record().offset())) {
      assertThat(partition.stopped().buried(one.lane())).isTrue();
      now.done().add(one.record().offset());
    } else {
      assertThat(partition.stopped().shift(one.lane(), Lane.Phase.WAITING, Lane.Phase.READY))
          .isTrue();
    }
  }

  private void run() {
    Attempt attempt = partition.work().begin(null, 0);
    if (attempt == null) {
      return;
    }
    long offset = attempt.record().offset();
    assertThat(now.done()).as("done, and started again").doesNotContain(offset);
    assertThat(attempt.attempt())
        .as("attempt of %d", offset)
        .isEqualTo(now.charged().getOrDefault(offset, 0) + 1);
    FailureHistory past = attempt.history();
    boolean owes = past != null && past.fate().owesDeadLetter();
    assertThat(owes).as("owes a dead letter").isEqualTo(now.owed().contains(offset));
    if (owes) {
      partition.work().park(attempt, Lane.Phase.SENDING);
      parked.add(attempt);
      return;
    }
    switch (random.nextInt(5)) {
      case 0, 1 -> fail(attempt);
      default -> {
        partition.work().succeeded(attempt);
        partition.work().giveBack(attempt.lane());
        now.done().add(offset);
      }
    }
  }

  private void fail(Attempt attempt) {
    long offset = attempt.record().offset();
    FailureHistory history = Objects.requireNonNull(partition.work().historyFor(attempt));
    history.charged++;
    now.charged().merge(offset, 1, Integer::sum);
    boolean last = history.charged >= 3;
    if (last) {
      history.owesDeadLetter(Fate.EXHAUSTED);
      now.owed().add(offset);
    }
    partition.work().park(attempt, last ? Lane.Phase.SENDING : Lane.Phase.WAITING);
    parked.add(attempt);
  }

  /** A last owner does all that is left. */
  void finish() {
    live(0);
    now = confirmed.copy();
    partition = open();
    for (int i = 0; i < 5_000 && !now.done().containsAll(log.keySet()); i++) {
      poll(10);
      run();
      goOn();
    }
    assertThat(now.done()).as("lost").containsAll(log.keySet());
    commit(partition.next() + 1_000); // what is left was compacted away
    assertThat(Objects.requireNonNull(committed).retries()).isEmpty();
    assertThat(Objects.requireNonNull(committed).done()).isEmpty();
  }
}
