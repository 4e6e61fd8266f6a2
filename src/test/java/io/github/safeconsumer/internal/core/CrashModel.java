package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Note;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One log, and processes that die one after the other: of a record, or of something else. */
final class CrashModel {
  private final Ordering ordering;
  private final int concurrency;
  private final int limit;
  private final Random random;
  private final Set<Long> killers;
  private final TreeMap<Long, ConsumerRecord<byte[], byte[]>> log = new TreeMap<>();
  private final Set<Long> done = new HashSet<>();
  private final Set<Long> convicted = new HashSet<>();
  private final List<Attempt> running = new ArrayList<>();
  private final List<Attempt> parked = new ArrayList<>();
  private @Nullable Note committed;
  private @Nullable Progress sent;
  private OwnedPartition partition;
  private long boot;
  private long nanos;
  private int deaths;
  private int commits;

  /** Three deaths are the limit. */
  CrashModel(Ordering ordering, int concurrency, int records, int killers, Random random) {
    this(ordering, concurrency, 3, records, killers, random);
  }

  CrashModel(
      Ordering ordering, int concurrency, int limit, int records, int killers, Random random) {
    this.limit = limit;
    this.ordering = ordering;
    this.concurrency = concurrency;
    this.random = random;
    long offset = 0;
    for (int i = 0; i < records; i++) {
      offset += 1 + random.nextInt(2);
      log.put(offset, Records.keyed(i % 7 == 0 ? null : "k" + random.nextInt(5), offset));
    }
    this.killers = new HashSet<>();
    List<Long> offsets = List.copyOf(log.keySet());
    while (this.killers.size() < killers) {
      this.killers.add(offsets.get(random.nextInt(offsets.size())));
    }
    this.partition = takeOver();
  }

  Set<Long> convicted() {
    return convicted;
  }

  Set<Long> killers() {
    return killers;
  }

  int deaths() {
    return deaths;
  }

  int commits() {
    return commits;
  }

  private OwnedPartition takeOver() {
    boot++;
    running.clear();
    parked.clear();
    sent = null;
    Note note = committed;
    OwnedPartition next =
        new OwnedPartition(
            Records.PARTITION,
            boot,
            7,
            new PartitionRules(
                "group",
                ordering,
                3,
                null,
                Admission.unbounded(),
                new CrashGuard(limit, concurrency, new Solitude()),
                null),
            new PauseGate());
    if (note == null) {
      next.place(0, null, nanos);
    } else {
      CrashRules.Verdict verdict =
          new CrashRules(limit).judge(note, boot, log.lastKey() + 1, nanos / 1_000_000_000L);
      if (verdict.convicted() >= 0) {
        convicted.add(verdict.convicted());
      }
      next.place(note.base(), verdict.note(), nanos);
    }
    partition = next;
    send();
    answer();
    next.activate();
    return next;
  }

  /** The process dies, of whatever: what was sent may have arrived. */
  void die() {
    deaths++;
    if (sent != null && random.nextBoolean()) {
      arrives(sent);
    }
    partition = takeOver();
  }

  /** Works for so many steps, or until it died of a record. */
  void live(int steps) {
    int before = deaths;
    for (int i = 0; i < steps && deaths == before && done.size() < log.size(); i++) {
      step();
    }
  }

  private void step() {
    nanos += 1_000_000;
    partition.suspects().step(nanos);
    switch (random.nextInt(7)) {
      case 0 ->
          partition.add(
              log.tailMap(partition.next()).values().stream()
                  .limit(1 + random.nextInt(40))
                  .toList());
      case 1 -> send();
      case 2 -> answer();
      case 3 -> finish();
      case 4 -> goOn();
      default -> start();
    }
  }

  private void send() {
    Progress progress = sent == null ? partition.progress(-1, nanos) : null;
    if (progress != null) {
      sent = progress;
      commits++;
    }
  }

  private void answer() {
    Progress progress = sent;
    if (progress != null) {
      arrives(progress);
      sent = null;
      partition.confirm(progress, "note", 0);
    }
  }

  private void arrives(Progress progress) {
    committed = progress.note(Identity.of(null, null), boot);
  }

  private void start() {
    if (running.size() >= concurrency) {
      return;
    }
    Attempt attempt = partition.work().begin(null, nanos);
    if (attempt == null) {
      return;
    }
    long offset = attempt.record().offset();
    assertThat(offset)
        .as("started below the end of the lease that the broker has")
        .isLessThan(Objects.requireNonNull(committed).leaseEnd());
    FailureHistory past = attempt.history();
    if (past != null && past.fate().owesDeadLetter()) {
      partition.work().park(attempt, Lane.Phase.SENDING);
      parked.add(attempt);
    } else if (killers.contains(offset)) {
      die();
    } else {
      running.add(attempt);
    }
  }

  private void finish() {
    if (running.isEmpty()) {
      return;
    }
    Attempt attempt = running.remove(random.nextInt(running.size()));
    if (random.nextInt(20) == 0) {
      FailureHistory history = Objects.requireNonNull(partition.work().historyFor(attempt));
      history.charged = Math.min(2, history.charged + 1);
      partition.work().park(attempt, Lane.Phase.WAITING);
      parked.add(attempt);
      return;
    }
    partition.work().succeeded(attempt);
    partition.work().giveBack(attempt.lane());
    done.add(attempt.record().offset());
  }

  private void goOn() {
    if (parked.isEmpty()) {
      return;
    }
    Attempt one = parked.remove(random.nextInt(parked.size()));
    FailureHistory past = one.history();
    if (past != null && past.fate().owesDeadLetter()) {
      assertThat(partition.stopped().buried(one.lane())).isTrue();
      done.add(one.record().offset());
    } else {
      partition.stopped().shift(one.lane(), Lane.Phase.WAITING, Lane.Phase.READY);
    }
  }

  /** Works until all is done; a process that gets nowhere is a failure. */
  void finishAll() {
    for (int lives = 0; lives < 40 && done.size() < log.size(); lives++) {
      live(60_000);
    }
    Set<Long> left = new HashSet<>(log.keySet());
    left.removeAll(done);
    assertThat(left)
        .as(
            "neither handled nor dead-lettered, order %s, %d at once, killers %s, convicted %s, deaths %d, %s",
            ordering, concurrency, killers, convicted, deaths, partition.status(0, 0))
        .isEmpty();
  }

  /** How many offsets are under suspicion now. */
  int suspects() {
    return partition.status(0, 0).suspects();
  }
}
