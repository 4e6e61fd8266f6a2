package io.github.safeconsumer.crash;

import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ConditionFactory;

/** A group whose members live in JVMs of their own, its topic, its journal, and what is known. */
final class CrashGroup implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(150);
  private static final int TAIL = 60;

  private final CrashMember.Setup setup;
  private final SharedJournal journal;
  private final Admin admin;
  private final Numbered load;
  private final Orchestrator members;

  /**
   * Starts the members.
   *
   * @param keysPerPartition of the {@link #load}
   */
  CrashGroup(CrashMember.Setup setup, int partitions, int keysPerPartition, int members) {
    this.setup = setup;
    this.journal = new SharedJournal(setup.journal());
    this.admin = Clients.admin(setup.brokers());
    this.load = new Numbered(setup.brokers(), setup.topic(), partitions, keysPerPartition);
    this.members = new Orchestrator(setup, journal, members);
  }

  Orchestrator members() {
    return members;
  }

  Numbered load() {
    return load;
  }

  SharedJournal journal() {
    return journal;
  }

  /** Waits until all that was sent by the load is committed. */
  void awaitAllCommitted() {
    soon().until(() -> committed() == load.sent());
  }

  long committed() {
    return Consumers.committedInAll(admin, setup.group());
  }

  /** What is committed of one partition; 0 where nothing is. */
  long committed(int partition) {
    return Consumers.committed(admin, setup.group())
        .getOrDefault(new TopicPartition(setup.topic(), partition), 0L);
  }

  /** How many records of these partitions are not committed. */
  long uncommitted(Set<Integer> partitions) {
    return partitions.stream().mapToLong(p -> load.sentTo(p) - committed(p)).sum();
  }

  /** How many records owe a dead letter, by confirmed commits. */
  long owed() throws Exception {
    return CommittedFates.owed(admin, setup.group());
  }

  /** What stands beside the committed offsets, by partition. */
  Map<Integer, Note> notes() throws Exception {
    return CommittedFates.notes(admin, setup.group());
  }

  /** How many members the brokers count. */
  int memberCount() {
    return Consumers.members(admin, setup.group());
  }

  /** How many partitions the member has. */
  int owned(String member) {
    Ownerships ownerships = new Ownerships();
    journal.read(ownerships::see);
    return ownerships.open(member).size();
  }

  /** Whether the member has the partition. */
  boolean owns(String member, int partition) {
    Ownerships ownerships = new Ownerships();
    journal.read(ownerships::see);
    return ownerships.open(member).stream().anyMatch(one -> one.partition() == partition);
  }

  /** Waits until so many more attempts have begun. */
  void awaitBegun(int more) {
    long until = begun() + more;
    soon().until(() -> begun() >= until);
  }

  private long begun() {
    long[] begun = {0};
    journal.read(fact -> begun[0] += fact instanceof Fact.Begun ? 1 : 0);
    return begun[0];
  }

  /** What members wrote down that begins so: an event, or {@link CrashMember#HEALTH}. */
  List<Fact.Noted> noted(String beginning) {
    List<Fact.Noted> found = new ArrayList<>();
    journal.read(
        fact -> {
          if (fact instanceof Fact.Noted noted && noted.text().startsWith(beginning)) {
            found.add(noted);
          }
        });
    return found;
  }

  List<Letter> letters() {
    return setup.deadLetters().equals(CrashMember.NO_DEAD_LETTERS)
        ? List.of()
        : DeadLetters.all(setup.brokers(), admin, setup.deadLetters());
  }

  /**
   * Compares what was done with what is promised.
   *
   * @param killers those that cannot write that they kill
   */
  JournalCheck check(Set<Place> killers) {
    DeathCheck deaths = new DeathCheck();
    journal.read(deaths::see);
    JournalCheck check = new JournalCheck(setup.maxAttempts(), deaths, killers);
    journal.read(check::see);
    Map<Integer, Long> ends = new HashMap<>();
    Consumers.committed(admin, setup.group())
        .forEach((partition, offset) -> ends.put(partition.partition(), offset));
    check.finish(ends, letters());
    return check;
  }

  TopicPartition partition(Place place) {
    return new TopicPartition(setup.topic(), place.partition());
  }

  static ConditionFactory soon() {
    return await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(50));
  }

  /** Prints all that helps to see why a test failed, and keeps the journal. */
  void tell(String test) {
    Path kept = Path.of("target", "crash-" + test.replaceAll("\\W+", "-") + ".journal");
    System.out.printf(
        "FAILED %s%n%s of %d records committed, by partition %s%nnotes %s%nletters %s%n"
            + "ended by themselves %s%njournal in %s, its end:%n%s%nprinted by members:%n%s%n",
        test,
        tried(this::committed),
        load.sent(),
        tried(() -> Consumers.committed(admin, setup.group())),
        tried(() -> CommittedFates.all(admin, setup.group())),
        tried(this::letters),
        members.deaths(),
        kept,
        tried(() -> endOfJournal(kept)),
        members.printed());
  }

  private String endOfJournal(Path kept) throws IOException {
    Files.createDirectories(kept.getParent());
    Files.copy(setup.journal(), kept, StandardCopyOption.REPLACE_EXISTING);
    List<String> lines = Files.readAllLines(kept);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  /** Whatever can be found out; the test has failed anyway. */
  private static Object tried(Callable<?> question) {
    try {
      return question.call();
    } catch (Exception unanswered) {
      return "not known: " + unanswered;
    }
  }

  @Override
  public void close() {
    members.close();
    load.close();
    admin.close();
    journal.close();
  }
}
