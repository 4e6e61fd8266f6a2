package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The attempts of failing records whose owner is killed (-9) over and over: at most one more for
 * each owner that had begun one. Whose attempts are used up is buried by the next owner, without
 * its handler.
 */
@Timeout(240)
class RetryBoundCrashIT {
  private static final String PROTOCOLS = "io.github.safeconsumer.support.GroupProtocol#each";
  private static final String BROKERS = SharedKafka.bootstrapServers();
  private static final long SEED =
      Long.getLong("safeconsumer.kills.seed", new Random().nextLong(1_000_000));
  private static final int PARTITIONS = 4;
  private static final int RECORDS = 40;
  private static final int MAX_ATTEMPTS = 8;
  private static final int KILLS = Boolean.getBoolean("safeconsumer.long") ? 20 : 3;

  @TempDir Path directory;

  private final Admin admin = Clients.admin(BROKERS);
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(BROKERS, "crashed", PARTITIONS);
  private final String letters = Topics.create(BROKERS, "crashed-letters", 1);
  private final Tasks tasks = new Tasks(BROKERS, topic, PARTITIONS);
  private SharedJournal journal;

  @BeforeEach
  void begin() {
    journal = new SharedJournal(directory.resolve("journal"));
  }

  @AfterEach
  void end() {
    journal.close();
    admin.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(PROTOCOLS)
  void shouldKeepTheBoundThoughOneOwnerAfterTheOtherIsKilled(GroupProtocol protocol)
      throws Exception {
    Random random = new Random(SEED);
    try (Crew crew = new Crew(setup(protocol, 300), journal)) {
      String owner = crew.join();
      for (int kill = 1; kill <= KILLS; kill++) {
        int all = kill * RECORDS;
        List<Place> places = tasks.add(RECORDS, Task.ALWAYS, Duration.ofMillis(20));
        soon().until(() -> Attempts.in(journal).eachBegan(places, 1));
        // An attempt writes about 120 bytes.
        long until = journal.size() + random.nextLong((long) RECORDS * (MAX_ATTEMPTS - 1) * 120);
        soon().until(() -> journal.size() >= until || buried() >= all);
        if (kill == 1) { // one of them at least meets an attempt that runs
          List<Place> slow = tasks.add(1, 0, Duration.ofSeconds(3));
          soon().until(() -> Attempts.in(journal).eachBegan(slow, 1));
        }
        crew.kill(owner);
        owner = crew.join();
      }
      soon().until(() -> committed() == (long) KILLS * RECORDS + 1);
      crew.leave();
    }
    JournalCheck check = check();
    System.out.println(
        KillFigures.of(check, "all records fail, %s, seed %d".formatted(protocol, SEED)));
    assertThat(check.dead()).isEqualTo(KILLS * RECORDS);
    assertThat(check.kills()).anyMatch(kill -> kill.running() > 0);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(PROTOCOLS)
  void shouldBuryWithoutTheHandlerWhoseAttemptsWereUsedUpBeforeTheKill(GroupProtocol protocol)
      throws Exception {
    List<Place> places;
    try (Crew crew = new Crew(setup(protocol, 50), journal)) {
      String first = crew.join();
      String second = crew.join();
      soon().until(() -> owned(first) == PARTITIONS / 2 && owned(second) == PARTITIONS / 2);
      try (Operator operator = new Operator(BROKERS)) {
        operator.delete(letters); // so none can be written
      }
      places = tasks.add(RECORDS, Task.ALWAYS, Duration.ofMillis(5));
      soon().until(() -> Attempts.in(journal).eachEnded(places, MAX_ATTEMPTS));
      soon()
          .untilAsserted(
              () ->
                  assertThat(CommittedFates.owed(admin, group))
                      .as(
                          "records that owe a dead letter, by confirmed commits: %s",
                          CommittedFates.all(admin, group))
                      .isEqualTo(RECORDS));
      crew.kill(first);
      soon().until(() -> owned(second) == PARTITIONS);
      crew.kill(second);
      Topics.createNamed(BROKERS, letters, 1, Map.of());
      crew.join();
      soon().until(() -> committed() == RECORDS);
      crew.leave();
    }
    JournalCheck check = check();
    assertThat(check.dead()).isEqualTo(RECORDS);
    Attempts attempts = Attempts.in(journal);
    assertThat(places)
        .as("attempts over up to three owners")
        .allSatisfy(place -> assertThat(attempts.of(place)).hasSize(MAX_ATTEMPTS));
  }

  private CrashMember.Setup setup(GroupProtocol protocol, int backoffMillis) {
    return new CrashMember.Setup(
        BROKERS,
        group,
        topic,
        letters,
        directory.resolve("journal"),
        protocol,
        Ordering.KEY,
        64,
        MAX_ATTEMPTS,
        Duration.ofMillis(backoffMillis));
  }

  private JournalCheck check() {
    JournalCheck check = new JournalCheck(MAX_ATTEMPTS);
    journal.read(check::see);
    Map<Integer, Long> ends = new HashMap<>();
    Consumers.committed(admin, group)
        .forEach((partition, offset) -> ends.put(partition.partition(), offset));
    check.finish(ends, DeadLetters.read(BROKERS, letters, buried()));
    assertThat(check.violations()).as("seed %d", SEED).isEmpty();
    assertThat(check.lost()).isZero();
    return check;
  }

  /** How many partitions the member has. */
  private int owned(String member) {
    Ownerships ownerships = new Ownerships();
    journal.read(ownerships::see);
    return ownerships.open(member).size();
  }

  private int buried() {
    return DeadLetters.count(admin, letters);
  }

  private long committed() {
    return Consumers.committedInAll(admin, group);
  }

  private static ConditionFactory soon() {
    return await()
        .atMost(Duration.ofSeconds(90))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20));
  }
}
