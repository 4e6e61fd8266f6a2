package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EmbedderClassPath;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A group under load goes member by member from one state to another, and back: nothing is lost,
 * keys keep their order, attempts are counted on, and only what a kill explains is handled again.
 *
 * <p>The other state is this library on the oldest client that is supported, and the other
 * protocol; with {@code -Dsafeconsumer.previous=JAR} it is an earlier library too, and with {@code
 * -Dsafeconsumer.long=true} the group is larger. See {@code src/compatibility/rolling}.
 */
class RollingUpdateIT {
  private static final long SEED =
      Long.getLong("safeconsumer.kills.seed", new Random().nextLong(1_000_000));
  private static final int PARTITIONS = 6;

  /** The last of them is killed where the others are asked to leave. */
  private static final int MEMBERS = Boolean.getBoolean("safeconsumer.long") ? 3 : 2;

  private static final int CONCURRENCY = 16;
  private static final int MAX_ATTEMPTS = 4;
  private static final int KEYS = 5_000;
  private static final int AHEAD = 1_000;
  private static final int PER_SECOND = 300;

  /** Bytes of the journal between two changes, at least: some 350 records. */
  private static final long WORK_BETWEEN = 25_000;

  /** Who is killed is not what this is about. */
  private static final int MORE_DEATHS_THAN_KILLS = 100;

  private static final String BROKERS = SharedKafka.bootstrapServers();

  @TempDir Path directory;

  /** What the members are before the update, and again after the way back. */
  record Change(
      String name, String otherClassPath, GroupProtocol otherProtocol, GroupProtocol protocol) {
    @Override
    public String toString() {
      return name + ", " + (otherProtocol == protocol ? "" : otherProtocol + " to ") + protocol;
    }
  }

  static List<Change> changes() {
    String here = System.getProperty("java.class.path");
    EmbedderClassPath jars = new EmbedderClassPath(EmbedderClassPath.parse(here));
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change(
            "oldest client",
            jars.withOldestClient().value(),
            GroupProtocol.COOPERATIVE,
            GroupProtocol.COOPERATIVE));
    if (GroupProtocol.dynamic().contains(GroupProtocol.CONSUMER)) {
      changes.add(
          new Change("another protocol", here, GroupProtocol.COOPERATIVE, GroupProtocol.CONSUMER));
    }
    String previous = System.getProperty("safeconsumer.previous");
    if (previous != null) {
      String there = jars.withLibrary(Path.of(previous)).value();
      for (GroupProtocol protocol : GroupProtocol.dynamic()) {
        changes.add(new Change("previous library", there, protocol, protocol));
      }
    }
    return changes;
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Timeout(600)
  @ParameterizedTest
  @MethodSource("changes")
  void shouldGoToAnotherBuildAndBackMemberByMember(Change change) throws Exception {
    CrashMember.Setup setup =
        new CrashMember.Setup(
            BROKERS,
            Topics.uniqueName("group"),
            Topics.create(BROKERS, "rolling", PARTITIONS),
            Topics.create(BROKERS, "rolling-letters", 1),
            directory.resolve(change.toString().replaceAll("\\W+", "-")),
            change.protocol(),
            Ordering.KEY,
            CONCURRENCY,
            MAX_ATTEMPTS,
            Duration.ofMillis(100),
            MORE_DEATHS_THAN_KILLS);
    try {
      check(change, setup, run(change, setup));
    } catch (Throwable failed) {
      Path kept =
          Path.of("target", "rolling-" + change.toString().replaceAll("\\W+", "-") + ".journal");
      Files.copy(setup.journal(), kept, StandardCopyOption.REPLACE_EXISTING);
      System.out.println("seed " + SEED + ", journal kept in " + kept);
      throw failed;
    }
  }

  /** Returns how many records there are. */
  private static long run(Change change, CrashMember.Setup setup) throws Exception {
    String here = System.getProperty("java.class.path");
    try (SharedJournal journal = new SharedJournal(setup.journal());
        CommittedWatch watch = new CommittedWatch(BROKERS, setup.group(), journal);
        Crew crew = new Crew(setup, journal);
        KeyedLoad load =
            new KeyedLoad(
                BROKERS, setup.topic(), PARTITIONS, KEYS, MAX_ATTEMPTS, AHEAD, PER_SECOND, SEED);
        Admin admin = Clients.admin(BROKERS)) {
      watch.begin();
      Deque<String> members = new ArrayDeque<>();
      Supplier<String> updated = () -> crew.join(setup, here);
      Supplier<String> other =
          () -> crew.join(setup.with(change.otherProtocol()), change.otherClassPath());
      IntStream.range(0, MEMBERS).forEach(i -> members.add(other.get()));
      members.forEach(crew::awaitWork);
      replaceAll(members, crew, journal, updated);
      replaceAll(members, crew, journal, other);
      long produced = load.stop();
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> Consumers.committedInAll(admin, setup.group()) == produced);
      crew.leave();
      return produced;
    }
  }

  /** One after the other. */
  private static void replaceAll(
      Deque<String> members, Crew crew, SharedJournal journal, Supplier<String> join) {
    for (int i = 0; i < MEMBERS; i++) {
      long until = journal.size() + WORK_BETWEEN;
      soon().until(() -> journal.size() >= until);
      if (i == MEMBERS - 1) {
        crew.kill(members.remove());
      } else {
        crew.leave(members.remove());
      }
      String next = join.get();
      members.add(next);
      crew.awaitWork(next);
    }
  }

  private static ConditionFactory soon() {
    return await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20));
  }

  private static void check(Change change, CrashMember.Setup setup, long produced) {
    Written written = Written.in(setup, PARTITIONS);
    JournalCheck check = new JournalCheck(MAX_ATTEMPTS);
    List<String> ignoredNotes = new ArrayList<>();
    try (SharedJournal journal = new SharedJournal(setup.journal())) {
      journal.read(
          fact -> {
            check.see(fact);
            if (fact instanceof Fact.Noted noted && noted.text().startsWith("MetadataIgnored")) {
              ignoredNotes.add(noted.text());
            }
          });
    }
    check.finish(written.ends(), written.letters());
    System.out.println(
        KillFigures.of(check, "rolling update and back, %s, seed %d".formatted(change, SEED)));

    assertThat(written.records()).isEqualTo(produced);
    assertThat(check.violations()).as("%d violations", check.violationCount()).isEmpty();
    assertThat(check.lost()).isZero();
    assertThat(check.kills()).as("one on the way there, one on the way back").hasSize(2);
    assertThat(ignoredNotes).as("each build reads what the other one wrote").isEmpty();
  }
}
