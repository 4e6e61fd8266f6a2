package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Door;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer whose handlers stay inside until they are let out, and siblings that join and leave
 * its group one after the other.
 */
final class BusyGroup implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration SIBLINGS_WORK = Duration.ofMillis(20);
  private static final int PARTITIONS = 6;
  private static final int RECORDS = 9_000;
  private static final int SESSION_MILLIS = 15_000;
  private static final int ROUNDS_OF_A_MEMBERSHIP = 5;

  private final String brokers;
  private final GroupProtocol protocol;
  private final String group = Topics.uniqueName("group");
  private final List<TopicPartition> partitions;
  private final Door door = new Door();
  private final Journal<String> subjects = new Journal<>((record, context) -> door.pass());
  private final Journal<String> siblings =
      new Journal<>((record, context) -> Work.lasting(SIBLINGS_WORK));
  private final WatchedConsumer subject;
  private final AtomicInteger joins = new AtomicInteger();
  private final Queue<SafeConsumerEvent> siblingEvents = new ConcurrentLinkedQueue<>();

  /** Held while members come or go: a broker that dies then would make close() give up. */
  private final ReentrantLock moving = new ReentrantLock();

  private int records;
  private volatile boolean stopped;

  BusyGroup(String brokers, GroupProtocol protocol) throws Exception {
    this.brokers = brokers;
    this.protocol = protocol;
    String topic = Topics.create(brokers, "busy", PARTITIONS);
    this.partitions =
        IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
    fill();
    this.subject = member(0, subjects).concurrency(PARTITIONS);
    subject.join();
  }

  /** More records, so that no partition runs dry, however long all this takes. */
  void keepFed() {
    if (startedBySubject() + siblings.started().size() > records / 3) {
      fill();
    }
  }

  private void fill() {
    Clients.fill(brokers, partitions.get(0).topic(), PARTITIONS, RECORDS);
    records += RECORDS;
  }

  private WatchedConsumer member(int number, Journal<String> journal) {
    WatchedConsumer member =
        new WatchedConsumer(brokers, group, journal, partitions.get(0).topic())
            .with(protocol.settings(number));
    if (protocol.classic()) {
      // A member whose answer the dying broker lost holds up the group for so long.
      member.with("session.timeout.ms", SESSION_MILLIS);
    }
    member.settings().name = group + "-" + number;
    return member;
  }

  CompletableFuture<Void> letSiblingsComeAndGo() {
    return CompletableFuture.runAsync(
        () -> {
          while (!stopped) {
            comeAndGo();
          }
        });
  }

  private void comeAndGo() {
    try (WatchedConsumer sibling = member(1, siblings)) {
      moved(
          () -> {
            sibling.join();
            await().atMost(SOON).until(() -> !sibling.active().isEmpty());
          });
      joins.incrementAndGet();
      int seen = startedBySubject();
      await()
          .atMost(SOON)
          .until(() -> stopped || startedBySubject() > seen + ROUNDS_OF_A_MEMBERSHIP);
      moved(
          () -> {
            sibling.closeClean();
            siblingEvents.addAll(sibling.events());
            // A broker that died in the hand-over that follows would make its commit fail.
            await().atMost(SOON).until(() -> subject.active().size() == PARTITIONS);
          });
    }
  }

  private void moved(ThrowingRunnable move) {
    moving.lock();
    try {
      move.run();
    } catch (Exception e) {
      throw new IllegalStateException("a sibling could not join or leave", e);
    } finally {
      moving.unlock();
    }
  }

  @FunctionalInterface
  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  /** Kills the broker at once, as kill -9 does, and starts it again. */
  CompletableFuture<Void> killAndRestart(LocalKafka kafka) {
    return CompletableFuture.runAsync(
        () ->
            moved(
                () -> {
                  kafka.kill(0);
                  kafka.restart(0);
                }));
  }

  void stopSiblings() {
    stopped = true;
  }

  /** Lets everything run to the end of the topic. */
  void finish() {
    door.open();
    try (Admin admin = Clients.admin(brokers)) {
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == records);
    }
    subject.closeClean();
  }

  WatchedConsumer subject() {
    return subject;
  }

  Door door() {
    return door;
  }

  List<TopicPartition> partitions() {
    return partitions;
  }

  TopicPartition partition(int round) {
    return partitions.get(round % PARTITIONS);
  }

  int joins() {
    return joins.get();
  }

  int startedBySubject() {
    return subjects.started().size();
  }

  long startedBySubject(TopicPartition partition) {
    return subjects.started().stream().filter(e -> e.partition().equals(partition)).count();
  }

  int records() {
    return records;
  }

  long distinct() {
    Set<String> done = new HashSet<>();
    all().forEach(e -> done.add(e.partition() + "@" + e.offset()));
    return done.size();
  }

  long duplicates() {
    return all().count() - distinct();
  }

  /** What helps to see why a record was handled again. */
  String whatHappened() {
    Map<String, List<String>> handlers = new TreeMap<>();
    note(handlers, "subject", subjects);
    note(handlers, "sibling", siblings);
    handlers.values().removeIf(by -> by.size() == 1);
    return "handled again "
        + handlers
        + "\nevents\n"
        + Stream.concat(subject.events().stream(), siblingEvents.stream())
            .filter(event -> !(event instanceof SafeConsumerEvent.StateChanged))
            .sorted(Comparator.comparing(SafeConsumerEvent::at))
            .map(Object::toString)
            .collect(Collectors.joining("\n"));
  }

  private static void note(
      Map<String, List<String>> handlers, String who, Journal<String> journal) {
    journal
        .finished()
        .forEach(
            one ->
                handlers
                    .computeIfAbsent(
                        one.partition().partition() + "@" + one.offset(), n -> new ArrayList<>())
                    .add(who));
  }

  private Stream<Journal.Entry> all() {
    return Stream.concat(subjects.finished().stream(), siblings.finished().stream());
  }

  List<String> overlaps() {
    return Stream.concat(subjects.overlaps().stream(), siblings.overlaps().stream()).toList();
  }

  @Override
  public String toString() {
    return subject.status().toJson()
        + " started "
        + startedBySubject()
        + ", by siblings "
        + siblings.started().size();
  }

  @Override
  public void close() {
    stopped = true;
    door.open();
    subject.close();
    assertThat(subject.clients().violations()).isEmpty();
  }
}
