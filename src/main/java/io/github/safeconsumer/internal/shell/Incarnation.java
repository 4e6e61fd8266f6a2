package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.internal.core.Admission;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.CrashRules;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.core.StallWatch;
import io.github.safeconsumer.internal.metadata.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One KafkaConsumer, from creation to close. Only the loop is ever in here.
 *
 * <p>{@code wakeup()} is never used: it is sticky and can abort a commit instead of a poll.
 */
final class Incarnation<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long REBALANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LAG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOKAHEAD = 4;

  /** Polls of a turn, at most: some milliseconds of them at Kafka's default of 500 records. */
  private static final int BURST = 10;

  private final Settings<K, V> settings;
  private final Consumer<byte[], byte[]> client;
  private final Assignment assignment;
  private final Workers<K, V> workers;
  private final StallWatch stalls;
  private final Housekeeper housekeeper;
  private final CommitNotes notes;
  private final Rounds rounds;
  private final Drain drain;
  private final Parker parker;
  private final Time time;
  private final Flow flow;
  private final Acquirer acquirer;
  private final OutOfRange outOfRange;
  private final Commits commits;
  private final Rebalances rebalances;
  private long pollStarted;
  private long lagRead;
  private boolean joined;
  private boolean fenced;
  private boolean fed;

  /** What this turn brought records of. */
  private final Set<OwnedPartition> polled = new LinkedHashSet<>();

  Incarnation(
      Settings<K, V> settings,
      Platform platform,
      Assignment assignment,
      PauseGate gate,
      Workers<K, V> workers,
      StallWatch stalls,
      Housekeeper housekeeper,
      CommitNotes notes,
      Admission admission,
      Drain drain,
      Events events,
      Counters counters,
      Parker parker) {
    this.settings = settings;
    this.assignment = assignment;
    this.workers = workers;
    this.stalls = stalls;
    this.housekeeper = housekeeper;
    this.drain = drain;
    this.parker = parker;
    this.time = platform.time();
    this.client = platform.consumers().apply(settings.kafka().consumer());
    this.flow = new Flow(client, assignment, gate, mostBuffered(settings), time);
    this.notes = notes;
    this.rounds = new Rounds(admission, assignment, workers, time);
    Duration wait = settings.kafka().answerBound();
    ResetPositions resets = new ResetPositions(client, settings.kafka().offsetReset(), time);
    this.acquirer =
        new Acquirer(
            client,
            assignment,
            resets,
            notes,
            new Inquest(
                client,
                new CrashRules(settings.crashLimit()),
                platform.boot(),
                events,
                platform.time()),
            wait,
            events,
            time);
    this.outOfRange = new OutOfRange(client, assignment, acquirer, wait, events);
    this.commits =
        new Commits(
            client,
            assignment,
            notes,
            events,
            counters,
            time,
            this::isInDoubt,
            platform.commitAtOnce());
    this.rebalances =
        new Rebalances(this, assignment, settings.handler(), drain, events, counters, time);
    this.pollStarted = time.nanos();
    this.lagRead = time.nanos();
  }

  /**
   * Records of a partition that are polled and not done. Where order allows it, all workers have to
   * find something to do in one partition, and more than once.
   */
  private static int mostBuffered(Settings<?, ?> settings) {
    long polled = 2L * settings.kafka().maxPollRecords();
    long parallel =
        settings.ordering() == Ordering.PARTITION ? 0 : LOOKAHEAD * settings.concurrency();
    long batches = settings.batch() == null ? 0 : 2L * settings.batch().maxRecords();
    return (int) Math.min(Integer.MAX_VALUE, Math.max(polled, Math.max(parallel, batches)));
  }

  /** Of its client; the client lets any thread ask. */
  Map<MetricName, ? extends Metric> kafkaMetrics() {
    return client.metrics();
  }

  void subscribe() {
    Subscription subscription = settings.subscription();
    Pattern pattern = subscription.pattern();
    if (pattern != null) {
      client.subscribe(pattern, rebalances);
    } else {
      client.subscribe(subscription.topics(), rebalances);
    }
  }

  Commits commits() {
    return commits;
  }

  /** Whether nothing of it is under way: no dead letter, and all that is done was confirmed. */
  boolean isSettled() {
    return !drain.isSending(assignment.all()) && commits.isSettled();
  }

  /** Whether the group was joined. */
  boolean joined() {
    return joined;
  }

  /** The group's generation, or the member's epoch. */
  int generation() {
    return client.groupMetadata().generationId();
  }

  /** How long a synchronous commit may take. */
  Duration commitBound() {
    return settings.kafka().answerBound();
  }

  /** How long it stood still: the whole process, or this loop alone since it last polled. */
  Duration stall(Duration process) {
    Duration loop = Duration.ofNanos(time.nanos() - pollStarted);
    return loop.compareTo(process) > 0 ? loop : process;
  }

  /** The moment at which the client gives up its membership unless it polled again. */
  long pollDeadline() {
    return pollStarted + settings.kafka().maxPollInterval().toNanos();
  }

  /**
   * The membership cannot be trusted any more: nothing of this incarnation is committed from here
   * on.
   */
  void fence() {
    fenced = true;
  }

  /**
   * Checked before whatever relies on the membership. The broker's answer proves nothing, so the
   * process's own clocks decide.
   */
  boolean isStale() {
    stalls.tick(TimeUnit.NANOSECONDS.toMillis(time.nanos()), time.millis());
    if (!fenced && (time.nanos() - pollDeadline() > 0 || stalls.isExpelled())) {
      fenced = true;
    }
    return fenced;
  }

  /** Whether it stood still for a while a moment ago: nothing is committed meanwhile. */
  boolean isInDoubt() {
    return stalls.isInDoubt(TimeUnit.NANOSECONDS.toMillis(time.nanos()));
  }

  /** Partitions were assigned: paused before anything of them can be fetched. */
  void takeOver(Collection<TopicPartition> partitions, CompletableFuture<Void> callback) {
    joined = true;
    acquirer.takeOver(
        partitions,
        client.groupMetadata().generationId(),
        callback,
        housekeeper.lookNow(partitions));
    flow.assigned(client.assignment());
  }

  /** One turn: acquire, pause and resume, commit, poll, hand over. */
  void turn(long idleNanos) {
    notes.clusterId(housekeeper.clusterId());
    acquirer.step();
    flow.apply();
    boolean named = stepSuspects();
    boolean busy = rounds.admit() || named;
    if (!isStale()) {
      commits.step(time.nanos(), busy || fed);
    }
    long rest = rounds.nanosToStart(idleNanos);
    poll(busy || commits.isDirty() ? Math.min(BUSY_NANOS, rest) : rest);
    readLag();
  }

  /** Records that may have killed a process run one by one. True while one is on its way. */
  private boolean stepSuspects() {
    boolean underWay = false;
    for (OwnedPartition partition : assignment.all()) {
      underWay |= partition.suspects().step(time.nanos());
    }
    return underWay;
  }

  /**
   * One poll, and while full ones come a few more: what a turn costs is shared by many records.
   * What is full is paused before each of them, so a bound is exceeded by one poll at most.
   */
  private void poll(long nanos) {
    fed = false;
    try {
      int records = pollOnce(nanos);
      for (int more = 1; more < BURST && records >= settings.kafka().maxPollRecords(); more++) {
        flow.apply();
        records = pollOnce(0);
      }
    } finally {
      polled.forEach(workers::visit);
      polled.clear();
    }
  }

  private int pollOnce(long nanos) {
    pollStarted = time.nanos();
    // With group.protocol=consumer a poll spins while a paused partition holds fetched data
    // (KAFKA-21084): poll without waiting, then rest.
    boolean rest = nanos > 0 && settings.kafka().consumerProtocol() && flow.anyPaused();
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = client.poll(rest ? Duration.ZERO : Duration.ofNanos(nanos));
    } catch (OffsetOutOfRangeException jump) {
      outOfRange.handle(jump);
      return 0;
    }
    if (!joined && client.groupMetadata().generationId() >= 0) {
      joined = true;
    }
    fed |= !records.isEmpty();
    for (TopicPartition topicPartition : records.partitions()) {
      handOver(topicPartition, records.records(topicPartition));
    }
    if (rest && records.isEmpty()) {
      parker.park(nanos);
    }
    return records.count();
  }

  private void handOver(
      TopicPartition topicPartition, List<ConsumerRecord<byte[], byte[]>> records) {
    OwnedPartition partition = assignment.get(topicPartition);
    if (partition == null) {
      return; // handed over inside this very poll: the records are its next owner's
    }
    if (!partition.add(records)) {
      acquirer.startAgain(
          partition, "a record below the ones already read came: the log is another one");
      flow.apply();
    } else {
      polled.add(partition);
    }
  }

  /** Once a second: what the figures of the status rest on. */
  private void readLag() {
    long now = time.nanos();
    if (now - lagRead < LAG_EVERY_NANOS) {
      return;
    }
    lagRead = now;
    for (OwnedPartition partition : assignment.all()) {
      if (partition.stage() == OwnedPartition.Stage.ACTIVE) {
        OptionalLong lag = lagOf(partition.topicPartition());
        // Of what is not fetched the client knows the end of long ago: the housekeeper asks.
        if (lag.isPresent() && !flow.isPaused(partition)) {
          partition.endOffset(partition.next() + lag.getAsLong());
        }
        partition.look(now, time.millis());
      }
    }
  }

  /**
   * A figure for reports: not worth a client, should the client not know the partition any more.
   */
  private OptionalLong lagOf(TopicPartition topicPartition) {
    try {
      return client.currentLag(topicPartition);
    } catch (KafkaException | IllegalStateException unknown) {
      return OptionalLong.empty();
    }
  }

  /**
   * The end of this client: hands everything over, leaves the group, closes. The bounds are asked
   * for when their time has come, since what goes before uses up time.
   *
   * @param leaveForGood a static member leaves, too; else the group keeps its place for the next
   *     client of its name
   * @return true when what is done was committed and the client closed without an error
   */
  boolean end(
      long drainUntil,
      Supplier<Duration> commitBound,
      Supplier<Duration> leaveBound,
      boolean leaveForGood) {
    boolean fine = false;
    try {
      fine = handEverythingOver(whileStillMember(drainUntil), commitBound);
    } catch (Throwable broken) { // the next owner repeats what was not committed
      LOG.warn(
          "consumer={} problem=\"a hand-over failed: what was not committed is repeated\" exceptionClass={}",
          settings.name(),
          SafeThrowables.className(broken));
    } finally {
      assignment.end(List.copyOf(assignment.all()));
      drain.forgetEnded();
    }
    try {
      Leaving.close(
          client, leaveBound.get(), leaveForGood && settings.kafka().groupInstanceId().isPresent());
    } catch (
        Throwable broken) { // it can time out or be unauthorized; the client is gone either way
      LOG.warn(
          "consumer={} problem=\"the Kafka client did not close well\" exceptionClass={}",
          settings.name(),
          SafeThrowables.className(broken));
      fine = false;
    }
    return fine;
  }

  /**
   * It ends with all it has: said at once where something still runs, so that a process which is
   * killed before its end is not taken for one that died of a record.
   */
  void leaves() {
    if (assignment.isQuiet()) {
      return; // the hand-over comes at once, and says it
    }
    assignment.all().forEach(partition -> partition.leaves(Mode.LEAVING));
    if (!isStale()) {
      try {
        commits.sendNow();
      } catch (RuntimeException refused) { // the hand-over that follows says more
        LOG.debug("leaving: {}", SafeThrowables.className(refused));
      }
    }
  }

  /** The client leaves by itself once it was not polled for too long: the commit comes before. */
  private long whileStillMember(long drainUntil) {
    long latest = pollDeadline() - commitBound().toNanos() - MARGIN_NANOS;
    return drainUntil - latest < 0 ? drainUntil : latest;
  }

  /** Drained and committed, unless the membership is stale. */
  private boolean handEverythingOver(long drainUntil, Supplier<Duration> commitBound) {
    List<OwnedPartition> owned = new ArrayList<>(assignment.all());
    if (isStale()) {
      rebalances.lost(owned, "the process stood still for too long");
      return owned.isEmpty();
    }
    return owned.isEmpty()
        ? !rebalances.wentUncommitted()
        : rebalances.handEverythingOver(drainUntil, commitBound);
  }

  /**
   * Lets a rebalance that refused a commit go on; nothing is fetched meanwhile. False when it was
   * not for one, or the time is over.
   */
  boolean pollThroughRebalance(long until) {
    long left = until - time.nanos();
    if (!commits.isRefusedByRebalance() || left <= 0 || isStale()) {
      return false;
    }
    client.pause(client.assignment());
    pollOnce(Math.min(REBALANCE_NANOS, left));
    return true;
  }

  /** A topic was deleted and created again: its partitions are other logs now. */
  void recreated(String topic) {
    assignment.forgetConfirmed(topic);
    for (OwnedPartition partition : assignment.all()) {
      if (partition.topicPartition().topic().equals(topic)) {
        acquirer.startAgain(partition, "the topic was deleted and created again");
      }
    }
  }
}
