package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.CommitPacer;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.Progress;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;

/**
 * Commits what owned partitions have done, for one incarnation. Only the loop is ever in here.
 *
 * <p>Each ownership remembers what the broker confirmed in it; what differs is dirty and stays so
 * until a commit that holds it was confirmed. One asynchronous commit of a partition is out at a
 * time. Partitions that are not owned are never named: a broker would accept them.
 */
final class Commits {
  private static final long SCAN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long ANSWER_OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(70);
  private static final long REPORT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * A classic client commits nothing during a rebalance: no failure, until it lasts for so long.
   */
  private static final long REBALANCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Consumer<byte[], byte[]> client;
  private final Assignment assignment;
  private final CommitNotes notes;
  private final Events events;
  private final Counters counters;
  private final Time time;
  private final BooleanSupplier inDoubt;
  private final boolean atOnce;
  private final CommitPacer pacer = new CommitPacer();
  private final Map<OwnedPartition, Request> unanswered = new HashMap<>();
  private final Set<OwnedPartition> opening = new HashSet<>();
  private long lastScan;
  private boolean dirty;
  private long lastReport;
  private boolean reported;
  private boolean refused;
  private long refusedSince;
  private @Nullable Exception lastFailure;

  /** An asynchronous commit that was sent. */
  private record Request(List<CommitNotes.Sealed> sent, long since) {}

  /**
   * @param inDoubt whether the membership may be gone without this client knowing yet
   * @param atOnce without waiting for more to commit with it
   */
  Commits(
      Consumer<byte[], byte[]> client,
      Assignment assignment,
      CommitNotes notes,
      Events events,
      Counters counters,
      Time time,
      BooleanSupplier inDoubt,
      boolean atOnce) {
    this.inDoubt = inDoubt;
    this.client = client;
    this.assignment = assignment;
    this.notes = notes;
    this.events = events;
    this.counters = counters;
    this.time = time;
    this.atOnce = atOnce;
    this.lastScan = time.nanos() - SCAN_NANOS;
  }

  /** Whether something waits to be committed. */
  boolean isDirty() {
    return dirty || !unanswered.isEmpty();
  }

  /** Looks now, whatever is known: whether all that is done was confirmed. */
  boolean isSettled() {
    return unanswered.isEmpty() && pending(assignment.all()).isEmpty();
  }

  /** Why the last commit failed, until one succeeds. */
  @Nullable Exception lastFailure() {
    return lastFailure;
  }

  /** Whether commits are refused since the group shares its partitions out anew. */
  boolean isRefusedByRebalance() {
    return refused;
  }

  /** What is done of these stays uncommitted. */
  void gaveUp(Collection<OwnedPartition> partitions) {
    if (refused && !reported) {
      report(partitions, RebalanceInProgressException.class.getName());
    }
  }

  /** Sends an asynchronous commit if one is due. */
  void step(long now, boolean busy) {
    if (inDoubt.getAsBoolean()) {
      return;
    }
    boolean hurried = suspectsWait();
    if (!atOnce && !hurried && now - lastScan < SCAN_NANOS) {
      return;
    }
    lastScan = now;
    forgetUnanswerable(now);
    boolean urgent = false;
    boolean starving = false;
    boolean opens = false;
    dirty = false;
    int room = notes.room(assignment.all().size());
    for (OwnedPartition partition : assignment.all()) {
      partition.noteRoom(room);
      if (!unanswered.containsKey(partition) && partition.needsCommit(positionOf(partition))) {
        dirty = true;
        urgent |= partition.isCommitUrgent();
        starving |= partition.isStarving();
        opens |= partition.isOpening() && opening.add(partition);
      }
    }
    refused &= isDirty();
    // A failed commit is repeated at the pace of load: hurrying would not heal it. A takeover has
    // one try of its own.
    boolean failing = (refused || lastFailure != null) && !opens;
    if (pacer.due(now, dirty, busy || failing, urgent && !failing, starving && !failing)
        || (dirty && (atOnce || hurried) && !failing)) {
      send(now);
    }
  }

  /** Whether suspects wait for it: the sooner they are through, the less another death can cost. */
  private boolean suspectsWait() {
    for (OwnedPartition partition : assignment.all()) {
      if (partition.suspects().awaitsCommit()) {
        return true;
      }
    }
    return false;
  }

  /** Sends what there is to say now, if anything, whether it is due or not; nobody waits for it. */
  void sendNow() {
    if (!inDoubt.getAsBoolean()) {
      send(time.nanos());
    }
  }

  /** What is not owned any more, or was not answered for so long that nothing will come. */
  private void forgetUnanswerable(long now) {
    unanswered
        .entrySet()
        .removeIf(
            one -> one.getKey().isEnded() || now - one.getValue().since() >= ANSWER_OVERDUE_NANOS);
    opening.removeIf(partition -> !partition.isOpening());
  }

  private void send(long now) {
    List<OwnedPartition> free = new ArrayList<>(assignment.all());
    free.removeAll(unanswered.keySet());
    List<CommitNotes.Sealed> sent = notes.oneRequest(pending(free));
    if (sent.isEmpty()) {
      return;
    }
    pacer.sent(now);
    Request request = new Request(sent, now);
    sent.forEach(one -> unanswered.put(one.partition(), request));
    try {
      client.commitAsync(toOffsets(sent), (offsets, failure) -> answered(request, failure));
    } catch (RuntimeException refused) { // no answer will come
      forget(request);
      throw refused;
    }
  }

  private void forget(Request request) {
    request.sent().forEach(one -> unanswered.remove(one.partition(), request));
  }

  private void answered(Request request, @Nullable Exception failure) {
    forget(request);
    if (failure == null) {
      confirmed(request.sent());
    } else {
      failed(request.sent(), failure);
    }
  }

  /**
   * Commits what is done of these, and waits for the answer.
   *
   * @return false when the bound passed or the commit was refused: the next owner repeats what was
   *     done since the last one
   */
  boolean sync(Collection<OwnedPartition> partitions, Duration bound) {
    long until = time.nanos() + bound.toNanos();
    while (true) {
      List<CommitNotes.Sealed> sent = notes.oneRequest(pending(partitions));
      if (sent.isEmpty()) {
        return true;
      }
      if (inDoubt.getAsBoolean()) {
        return false; // the membership is in doubt: better repeated than wrongly committed
      }
      try {
        client.commitSync(toOffsets(sent), Duration.ofNanos(Math.max(0, until - time.nanos())));
        confirmed(sent);
      } catch (RuntimeException failure) {
        boolean again = notes.isTooLong(failure) && until - time.nanos() > 0;
        failed(sent, failure);
        if (!again) {
          return false;
        }
      }
    }
  }

  /** What differs from what was confirmed. What only seems to is confirmed without a commit. */
  private List<CommitNotes.Sealed> pending(Collection<OwnedPartition> partitions) {
    List<CommitNotes.Sealed> pending = new ArrayList<>();
    int owned = assignment.all().size();
    for (OwnedPartition partition : partitions) {
      Progress progress = partition.progress(positionOf(partition), time.nanos());
      if (progress == null) {
        continue;
      }
      CommitNotes.Sealed sealed = notes.seal(progress, owned);
      if (partition.saysTheSame(progress, sealed.text())) {
        confirm(sealed);
      } else {
        pending.add(sealed);
      }
    }
    return pending;
  }

  /**
   * Where the client stands: past trailing markers, if nothing is open. -1 where it is not known at
   * once.
   */
  private long positionOf(OwnedPartition partition) {
    if (partition.stage() == OwnedPartition.Stage.ACQUIRING || partition.hasOpenWork()) {
      return -1;
    }
    try {
      return client.position(partition.topicPartition(), Duration.ZERO);
    } catch (RuntimeException unknown) { // it would only spare repeating nothing: a marker
      return -1;
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> toOffsets(List<CommitNotes.Sealed> sent) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    sent.forEach(one -> offsets.put(one.partition().topicPartition(), one.commit()));
    return offsets;
  }

  private void confirmed(List<CommitNotes.Sealed> sent) {
    counters.commits.increment();
    lastFailure = null;
    refused = false;
    reported = false;
    sent.forEach(this::confirm);
  }

  private void confirm(CommitNotes.Sealed sealed) {
    assignment.confirmed(sealed.progress(), sealed.text(), sealed.noteShare());
  }

  private void failed(List<CommitNotes.Sealed> sent, Exception failure) {
    long now = time.nanos();
    boolean refusedBefore = refused;
    refused = failure instanceof RebalanceInProgressException;
    if (refused) {
      refusedSince = refusedBefore ? refusedSince : now;
      if (now - refusedSince < REBALANCE_NANOS) {
        return;
      }
    }
    counters.commitsFailed.increment();
    lastFailure = failure;
    if (notes.isTooLong(failure)) {
      notes.shorten(SafeThrowables.className(failure));
    }
    if (!reported || now - lastReport >= REPORT_EVERY_NANOS) {
      report(
          sent.stream().map(CommitNotes.Sealed::partition).toList(),
          SafeThrowables.className(failure));
    }
  }

  private void report(Collection<OwnedPartition> partitions, String exceptionClass) {
    reported = true;
    lastReport = time.nanos();
    events.emit(
        new SafeConsumerEvent.CommitFailed(
            events.now(),
            partitions.stream()
                .map(OwnedPartition::topicPartition)
                .collect(Collectors.toUnmodifiableSet()),
            exceptionClass));
  }
}
