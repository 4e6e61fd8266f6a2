package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three members under KEY order, 64 attempts at once each; one after the other is killed (-9) and
 * replaced, while a producer goes on. Nothing is lost, each key keeps its order, failing records
 * keep their bound, and what is handled again is what a kill explains.
 *
 * <p>With {@code -Dsafeconsumer.kills.minutes=10} for so many minutes, in both protocols at the
 * same time, and 100,000 keys. {@code -Dsafeconsumer.kills.seed=..} repeats the choice of victims
 * and records, not the interleaving.
 */
class KillUnderKeyOrderIT {
  private static final int MINUTES = Integer.getInteger("safeconsumer.kills.minutes", 0);
  private static final long SEED =
      Long.getLong("safeconsumer.kills.seed", new Random().nextLong(1_000_000));
  private static final int PARTITIONS = 12;
  private static final int MEMBERS = 3;
  private static final int CONCURRENCY = 64;
  private static final int MAX_ATTEMPTS = 5;
  private static final int KEYS = MINUTES == 0 ? 10_000 : 100_000;
  private static final int KILLS = 7;
  private static final int PER_SECOND = Integer.getInteger("safeconsumer.kills.rate", 500);
  private static final int AHEAD = 2_000;

  /** Bytes of the journal between two kills, at most: one record writes about 70. */
  private static final int MOST_BETWEEN_KILLS = MINUTES == 0 ? 100_000 : 300_000;

  private static final Duration SETTLED = Duration.ofSeconds(60);

  /**
   * Who is killed three times in a row is not told apart from who kills; here it is about order.
   */
  private static final int MORE_DEATHS_THAN_KILLS = 100;

  private static LocalKafka kafka;

  @TempDir Path directory;

  @BeforeAll
  static void startBrokerWithShortSessions() {
    kafka =
        LocalKafka.builder()
            .brokerProperty("group.consumer.session.timeout.ms", "3000")
            .brokerProperty("group.consumer.min.session.timeout.ms", "3000")
            .start();
  }

  @AfterAll
  static void end() {
    kafka.close();
  }

  /** In long runs both protocols in which members keep some partitions while others move. */
  static List<GroupProtocol> protocols() {
    List<GroupProtocol> both = GroupProtocol.incremental();
    return MINUTES > 0 || Boolean.getBoolean("safeconsumer.long") ? both : both.subList(0, 1);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Timeout(7_200)
  @ParameterizedTest
  @MethodSource("protocols")
  void shouldLoseNothingKeepOrderAndBoundsWhenMembersAreKilled(GroupProtocol protocol)
      throws Exception {
    String brokers = kafka.bootstrapServers();
    String topic = Topics.create(brokers, "killed", PARTITIONS);
    String letters = Topics.create(brokers, "killed-letters", 1);
    String group = Topics.uniqueName("group");
    Path file = directory.resolve(protocol + ".journal");
    CrashMember.Setup setup =
        new CrashMember.Setup(
            brokers,
            group,
            topic,
            letters,
            file,
            protocol,
            Ordering.KEY,
            CONCURRENCY,
            MAX_ATTEMPTS,
            Duration.ofMillis(100),
            MORE_DEATHS_THAN_KILLS);
    try {
      long produced = run(setup);
      check(setup, produced);
    } catch (Throwable failed) {
      Path kept = Path.of("target", "kills-" + protocol + ".journal");
      Files.copy(setup.journal(), kept, StandardCopyOption.REPLACE_EXISTING);
      System.out.println("seed " + SEED + ", journal kept in " + kept);
      throw failed;
    }
  }

  /** Returns how many records there are. */
  private static long run(CrashMember.Setup setup) throws Exception {
    String brokers = setup.brokers();
    try (SharedJournal journal = new SharedJournal(setup.journal());
        CommittedWatch watch = new CommittedWatch(brokers, setup.group(), journal);
        Crew crew = new Crew(setup, journal);
        KeyedLoad load =
            new KeyedLoad(
                brokers, setup.topic(), PARTITIONS, KEYS, MAX_ATTEMPTS, AHEAD, PER_SECOND, SEED);
        Admin admin = Clients.admin(brokers)) {
      watch.begin();
      IntStream.range(0, MEMBERS).mapToObj(i -> crew.join()).toList().forEach(crew::awaitWork);
      killOneAfterTheOther(crew, journal, new Random(SEED));
      long produced = load.stop();
      await()
          .atMost(SETTLED)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> Consumers.committedInAll(admin, setup.group()) == produced);
      crew.leave();
      return produced;
    }
  }

  private static void killOneAfterTheOther(Crew crew, SharedJournal journal, Random random) {
    long end = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
    for (int kills = 0; MINUTES == 0 ? kills < KILLS : System.nanoTime() < end; kills++) {
      // Not until all have work: a kill may meet the rebalance that the one before led to.
      soon().until(() -> crew.atWork().size() >= MEMBERS - 1);
      long until = journal.size() + random.nextInt(MOST_BETWEEN_KILLS);
      soon().until(() -> journal.size() >= until);
      List<String> atWork = crew.atWork();
      crew.kill(atWork.get(random.nextInt(atWork.size())));
      crew.join();
    }
  }

  private static ConditionFactory soon() {
    return await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5));
  }

  private static void check(CrashMember.Setup setup, long produced) {
    Written written = Written.in(setup, PARTITIONS);
    JournalCheck check = new JournalCheck(MAX_ATTEMPTS);
    int torn;
    try (SharedJournal journal = new SharedJournal(setup.journal())) {
      torn = journal.read(check::see);
    }
    check.finish(written.ends(), written.letters());
    System.out.println(
        KillFigures.of(
            check, "%s, seed %d, %d torn lines".formatted(setup.protocol(), SEED, torn)));

    assertThat(written.records()).isEqualTo(produced);
    assertThat(check.violations()).as("%d violations", check.violationCount()).isEmpty();
    assertThat(check.lost()).isZero();
    assertThat(check.kills()).anyMatch(kill -> kill.running() > 0);
    assertThat(check.kills())
        .as("done before the confirmed commit was sent, and handled again all the same")
        .allSatisfy(
            kill -> assertThat(kill.repeatedThoughCommitted()).isLessThanOrEqualTo(CONCURRENCY));
  }
}
