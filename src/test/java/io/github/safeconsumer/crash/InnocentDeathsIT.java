package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Processes that end, or stand still, for reasons that have nothing to do with their records:
 * nobody is convicted of it, and what ends in order is not even counted.
 *
 * <p>{@code -Dsafeconsumer.long=true} for everything in both protocols; {@code
 * -Dsafeconsumer.kills=1000} for so many kills at random, in each protocol. {@code
 * -Dsafeconsumer.kills.seed=..} repeats the choice of victims, not the interleaving.
 */
@Timeout(20_000)
class InnocentDeathsIT {
  private static final long SEED =
      Long.getLong("safeconsumer.kills.seed", new Random().nextLong(1_000_000));
  private static final int KILLS = Integer.getInteger("safeconsumer.kills", 3);
  private static final int PARTITIONS = 6;
  private static final int MEMBERS = 3;
  private static final int CONCURRENCY = 16;
  private static final int MAX_ATTEMPTS = 4;
  private static final int KEYS = 5_000;
  private static final int AHEAD = 500;
  private static final int PER_SECOND = 300;

  /** Bytes of the journal between two kills, at most: a record writes about 70. */
  private static final int MOST_BETWEEN_KILLS = 60_000;

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

  static List<GroupProtocol> protocols() {
    return Boolean.getBoolean("safeconsumer.long")
        ? GroupProtocol.incremental()
        : List.of(GroupProtocol.CONSUMER);
  }

  /** Where a client refuses to commit while its group shares out, as it does in a deployment. */
  static List<GroupProtocol> deployed() {
    return Boolean.getBoolean("safeconsumer.long")
        ? GroupProtocol.incremental()
        : List.of(GroupProtocol.COOPERATIVE);
  }

  /** SIGTERM to one after the other, as a deployment does, under load. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("deployed")
  void shouldCountNothingWhenMembersAreReplacedInOrder(GroupProtocol protocol) throws Exception {
    run(
        "replaced in order, " + protocol,
        setup(protocol, CONCURRENCY),
        MEMBERS,
        group -> {
          List<String> first = group.members().atWork();
          for (String name : first) {
            group.members().terminate(name);
            CrashGroup.soon().until(() -> !group.members().isAlive(name));
            group.members().awaitAllAtWork();
          }
        },
        check -> assertThat(check.deaths().uncleanEnds()).isZero());
  }

  /** The handler outlasts the patience of whoever stops the process: SIGTERM, then SIGKILL. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("protocols")
  void shouldCountNothingWhenAMemberIsKilledThatIsLeaving(GroupProtocol protocol) throws Exception {
    int kills = 3;
    CrashMember.Setup setup = setup(protocol, 2);
    try (CrashGroup group = new CrashGroup(setup, PARTITIONS, 1, 1)) {
      try {
        group.members().awaitAllAtWork();
        List<Place> places = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
          places.add(group.load().one(partition, 0, Duration.ofSeconds(8)));
        }
        for (int kill = 1; kill <= kills; kill++) {
          int begun = kill;
          CrashGroup.soon().until(() -> Attempts.in(group.journal()).eachBegan(places, begun));
          String only = group.members().atWork().get(0);
          group.members().terminate(only);
          CrashGroup.soon()
              .untilAsserted(
                  () ->
                      assertThat(group.notes().values())
                          .as("said by the notes after SIGTERM")
                          .allMatch(note -> note.mode() != Mode.OPEN));
          group.members().kill(only);
        }
        group.awaitAllCommitted();
        group.members().leave();
        JournalCheck check = group.check(Set.of());
        System.out.println(figures("killed when leaving, " + protocol, group, check));
        assertInnocent(group, check);
        assertThat(check.deaths().uncleanEnds()).isZero();
        assertThat(check.kills()).hasSize(kills).allMatch(kill -> kill.running() > 0);
      } catch (Throwable failed) {
        group.tell(getClass().getSimpleName() + " killed when leaving, " + protocol);
        throw failed;
      }
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("protocols")
  void shouldConvictNobodyWhenMembersAreKilledAtRandom(GroupProtocol protocol) throws Exception {
    Random random = new Random(SEED);
    run(
        "%d kills at random, %s, seed %d".formatted(KILLS, protocol, SEED),
        setup(protocol, CONCURRENCY),
        MEMBERS,
        group -> {
          for (int kill = 0; kill < KILLS; kill++) {
            // Not until all have work: a kill may meet the rebalance that the one before led to.
            CrashGroup.soon().until(() -> group.members().atWork().size() >= MEMBERS - 1);
            // Whoever is killed three times in a row is not told apart from who kills.
            CrashGroup.soon().until(() -> mostUncleanEnds(group) < CrashMember.CRASH_LIMIT - 1);
            long until = group.journal().size() + random.nextInt(MOST_BETWEEN_KILLS);
            CrashGroup.soon().until(() -> group.journal().size() >= until);
            List<String> atWork = group.members().atWork();
            group.members().kill(atWork.get(random.nextInt(atWork.size())));
          }
        },
        check -> assertThat(check.kills()).hasSize(KILLS).anyMatch(kill -> kill.running() > 0));
  }

  /** Nobody else is there: the process that comes back is the one that was thrown out. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("protocols")
  void shouldCountNothingWhenAMemberIsEvictedAndComesBack(GroupProtocol protocol) throws Exception {
    run(
        "evicted and back, " + protocol,
        setup(protocol, CONCURRENCY),
        1,
        group -> {
          String only = group.members().atWork().get(0);
          for (int times = 0; times < 2; times++) {
            group.awaitBegun(100);
            group.members().freeze(only);
            CrashGroup.soon().until(() -> group.memberCount() == 0);
            group.members().thaw(only);
            CrashGroup.soon().until(() -> group.owned(only) == PARTITIONS);
          }
        },
        check -> assertThat(check.deaths().uncleanEnds()).isZero());
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("protocols")
  void shouldConvictNobodyWhenMembersAreEvictedAndOthersTakeOver(GroupProtocol protocol)
      throws Exception {
    int times = 2;
    Random random = new Random(SEED);
    run(
        "evicted and taken over, %s, seed %d".formatted(protocol, SEED),
        setup(protocol, CONCURRENCY),
        MEMBERS,
        group -> {
          for (int time = 0; time < times; time++) {
            group.awaitBegun(100);
            List<String> atWork = group.members().atWork();
            String victim = atWork.get(random.nextInt(atWork.size()));
            group.members().freeze(victim);
            CrashGroup.soon().until(() -> group.memberCount() == MEMBERS - 1);
            group.awaitBegun(100);
            group.members().thaw(victim);
            CrashGroup.soon().until(() -> group.owned(victim) > 0);
          }
        },
        check -> {
          if (protocol.classic()) { // else the client cannot see how long the session is
            assertThat(check.stragglers()).isLessThanOrEqualTo(times * CONCURRENCY);
          }
        });
  }

  /** The longest row of deaths that a partition is under suspicion for. */
  private static int mostUncleanEnds(CrashGroup group) throws Exception {
    return group.notes().values().stream()
        .map(Note::crashCase)
        .filter(Objects::nonNull)
        .mapToInt(CrashCase::uncleanEnds)
        .max()
        .orElse(0);
  }

  private interface Trouble {
    void happensTo(CrashGroup group) throws Exception;
  }

  private interface Further {
    void look(JournalCheck check);
  }

  private void run(
      String what, CrashMember.Setup setup, int members, Trouble trouble, Further further)
      throws Exception {
    try (CrashGroup group = new CrashGroup(setup, PARTITIONS, 1, members);
        CommittedWatch watch =
            new CommittedWatch(setup.brokers(), setup.group(), group.journal())) {
      watch.begin();
      try {
        group.members().awaitAllAtWork();
        long produced;
        try (KeyedLoad load =
            new KeyedLoad(
                setup.brokers(),
                setup.topic(),
                PARTITIONS,
                KEYS,
                MAX_ATTEMPTS,
                AHEAD,
                PER_SECOND,
                SEED)) {
          trouble.happensTo(group);
          produced = load.stop();
        }
        CrashGroup.soon().until(() -> group.committed() == produced);
        group.members().leave();
        JournalCheck check = group.check(Set.of());
        System.out.println(figures(what, group, check));
        assertInnocent(group, check);
        further.look(check);
      } catch (Throwable failed) {
        group.tell(getClass().getSimpleName() + " " + what);
        throw failed;
      }
    }
  }

  private static void assertInnocent(CrashGroup group, JournalCheck check) throws Exception {
    assertThat(check.violations()).as("%d violations", check.violationCount()).isEmpty();
    assertThat(check.lost()).isZero();
    assertThat(group.noted("Convicted[")).isEmpty();
    assertThat(group.letters()).extracting(Letter::reason).doesNotContain(Letter.CRASHED);
    assertThat(group.members().deaths()).as("ended by themselves").isEmpty();
    assertThat(group.notes().values())
        .as("nobody is under suspicion in the end")
        .allMatch(note -> note.crashCase() == null && note.convictionSeconds().isEmpty());
  }

  private CrashMember.Setup setup(GroupProtocol protocol, int concurrency) {
    String brokers = kafka.bootstrapServers();
    return new CrashMember.Setup(
        brokers,
        Topics.uniqueName("group"),
        Topics.create(brokers, "innocent", PARTITIONS),
        Topics.create(brokers, "innocent-letters", 1),
        directory.resolve("journal"),
        protocol,
        Ordering.KEY,
        concurrency,
        MAX_ATTEMPTS,
        Duration.ofMillis(100));
  }

  private static String figures(String what, CrashGroup group, JournalCheck check) {
    Map<String, Integer> times = new TreeMap<>();
    group
        .noted("UncleanEnd[")
        .forEach(
            end ->
                times.merge(
                    end.text().replaceFirst(".*(times=\\d+).*(alone=\\w+).*", "$1 $2"),
                    1,
                    Integer::sum));
    return String.format(
        Locale.ROOT,
        "FIGURES innocent deaths, %s: %d processes, %d kills, %d with attempts in the handler; %d"
            + " records done, %d dead letters, %d lost, %d begun again that were cut off, %d"
            + " stragglers, unclean ends %s, %d convictions, %d violations",
        what,
        group.members().started(),
        check.kills().size(),
        check.kills().stream().filter(kill -> kill.running() > 0).count(),
        check.repeats().done(),
        check.dead(),
        check.lost(),
        check.repeats().cutOffAgain(),
        check.stragglers(),
        times,
        check.deaths().convictions(),
        check.violationCount());
  }
}
