package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A record that ends its process each time it is handled, among good ones, in a group of three
 * members that are replaced at once: the group gets past it after three deaths and by itself. The
 * killer and nobody else becomes a dead letter, and nothing is lost.
 *
 * <p>With {@code -Dsafeconsumer.long=true} in every combination.
 */
@Timeout(400)
class KillerRecordIT {
  private static final String BROKERS = SharedKafka.bootstrapServers();
  private static final boolean LONG = Boolean.getBoolean("safeconsumer.long");
  private static final int PARTITIONS = 6;
  private static final int MEMBERS = 3;
  private static final int MAX_ATTEMPTS = 4;
  private static final int NO_GUARD = 0;
  private static final Duration WORK = Duration.ofMillis(10);

  /** Where the killer is. */
  private static final int PARTITION = 2;

  /** Convictions of a partition in a day after which none follows. */
  private static final int MOST_CONVICTIONS = 3;

  @TempDir Path directory;

  /** What kills, and among how many at once. */
  record Case(Fault fault, int concurrency, Ordering ordering, GroupProtocol protocol) {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      if (fault.kills()) {
        for (GroupProtocol protocol : GroupProtocol.incremental()) {
          for (Ordering ordering : Ordering.values()) {
            cases.add(new Case(fault, 1, ordering, protocol));
            cases.add(new Case(fault, 16, ordering, protocol));
          }
        }
      }
    }
    if (LONG) {
      return cases;
    }
    GroupProtocol classic = GroupProtocol.COOPERATIVE;
    GroupProtocol newest = cases.get(cases.size() - 1).protocol();
    return List.of(
        new Case(Fault.HALT, 16, Ordering.KEY, newest),
        new Case(Fault.EXIT, 1, Ordering.PARTITION, GroupProtocol.EAGER),
        new Case(Fault.MEMORY, 16, Ordering.KEY, classic),
        new Case(Fault.HALT_IN_DESERIALIZER, 16, Ordering.KEY, classic));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("cases")
  void shouldGetPastARecordThatKillsAfterThreeDeaths(Case one) throws Exception {
    CrashMember.Setup setup = setup(one, true, CrashMember.CRASH_LIMIT);
    try (CrashGroup group = start(setup)) {
      telling(
          group,
          one,
          () -> {
            group.load().good(120, WORK);
            long began = System.nanoTime();
            Place killer = group.load().bad(PARTITION, one.fault());
            group.load().good(180, WORK);
            group.awaitAllCommitted();
            double seconds = (System.nanoTime() - began) / 1e9;
            group.load().good(60, WORK);
            group.awaitAllCommitted();
            group.members().leave();

            JournalCheck check = group.check(Set.of(killer));
            System.out.println(figures(one.toString(), group, check, seconds));
            assertThat(check.violations()).isEmpty();
            assertConvicted(group, List.of(killer));
            assertThat(group.members().deaths())
                .as("processes that ended by themselves")
                .hasSize(CrashMember.CRASH_LIMIT)
                .extracting(Orchestrator.Death::exitCode)
                .containsOnly(one.fault().exitCode());
            assertThat(group.noted("Convicted["))
                .singleElement()
                .extracting(Fact.Noted::text)
                .asString()
                .contains("deaths=" + CrashMember.CRASH_LIMIT);
            assertThat(check.repeats().done()).isEqualTo(group.load().sent() - 1);
            assertNothingLeftBehind(group, Map.of(PARTITION, 1));
          });
    }
  }

  /** Else the tests above would show nothing. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldDieForEverWithoutTheGuard() throws Exception {
    Case one = new Case(Fault.HALT, 16, Ordering.KEY, GroupProtocol.COOPERATIVE);
    try (CrashGroup group = start(setup(one, true, NO_GUARD))) {
      telling(
          group,
          "no guard",
          () -> {
            group.load().good(60, WORK);
            group.load().bad(PARTITION, one.fault());
            CrashGroup.soon()
                .until(() -> group.members().deaths().size() > CrashMember.CRASH_LIMIT + 1);
            assertThat(group.letters()).isEmpty();
            assertThat(group.noted("UncleanEnd[")).isEmpty();
          });
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldHoldThePartitionAndSaySoWithoutADeadLetterTopic() throws Exception {
    Case one = new Case(Fault.HALT, 16, Ordering.KEY, GroupProtocol.COOPERATIVE);
    try (CrashGroup group = start(setup(one, false, CrashMember.CRASH_LIMIT))) {
      telling(
          group,
          "no dead-letter topic",
          () -> {
            group.load().good(60, WORK);
            Place killer = group.load().bad(PARTITION, one.fault());
            group.load().good(60, WORK);
            awaitDown(group, killer);
            assertHolds(group, killer, CrashMember.CRASH_LIMIT, CrashMember.CRASH_LIMIT);
          });
    }
  }

  /** Two members, or one after the other, may die of each: but each record only so often. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldConvictOnlyTheKillersWhenTwoPartitionsHaveOne() throws Exception {
    Case one = new Case(Fault.HALT, 16, Ordering.KEY, GroupProtocol.COOPERATIVE);
    try (CrashGroup group = start(setup(one, true, CrashMember.CRASH_LIMIT))) {
      telling(
          group,
          "two partitions",
          () -> {
            group.load().good(60, WORK);
            Set<Place> killers =
                Set.of(
                    group.load().bad(PARTITION, Fault.HALT),
                    group.load().bad(PARTITION + 1, Fault.MEMORY));
            group.load().good(240, WORK);
            group.awaitAllCommitted();
            group.members().leave();
            JournalCheck check = group.check(Set.of());
            System.out.println(figures("killers in two partitions", group, check, 0));
            assertThat(check.violations()).isEmpty();
            assertConvicted(group, killers);
            assertThat(group.members().deaths())
                .hasSizeLessThanOrEqualTo(killers.size() * CrashMember.CRASH_LIMIT);
            assertNothingLeftBehind(group, Map.of(PARTITION, 1, PARTITION + 1, 1));
          });
    }
  }

  /**
   * A backlog that is handled within moments: the first death leaves thousands under suspicion, so
   * they have to be narrowed before each can run by itself.
   */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNarrowTheSuspectsOfAVeryFastConsumer() throws Exception {
    Case one = new Case(Fault.HALT, 16, Ordering.KEY, GroupProtocol.COOPERATIVE);
    try (CrashGroup group = start(setup(one, true, CrashMember.CRASH_LIMIT))) {
      telling(
          group,
          "fast",
          () -> {
            group.load().good(30_000, Duration.ZERO);
            Place killer = group.load().bad(PARTITION, one.fault());
            group.load().good(30_000, Duration.ZERO);
            group.awaitAllCommitted();
            group.members().leave();
            JournalCheck check = group.check(Set.of(killer));
            System.out.println(figures("fast, " + one, group, check, 0));
            assertThat(check.violations()).isEmpty();
            assertConvicted(group, List.of(killer));
            assertThat(group.members().deaths()).hasSizeBetween(3, 4); // one for each narrowing
            assertNothingLeftBehind(group, Map.of(PARTITION, 1));
          });
    }
  }

  /** Who dies of every record does not die of its records. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldHoldAfterThreeConvictionsOfAPartitionInADay() throws Exception {
    Case one = new Case(Fault.HALT, 16, Ordering.KEY, GroupProtocol.COOPERATIVE);
    try (CrashGroup group = start(setup(one, true, CrashMember.CRASH_LIMIT))) {
      telling(
          group,
          "four killers",
          () -> {
            group.load().good(60, WORK);
            List<Place> killers = new ArrayList<>();
            for (int i = 0; i <= MOST_CONVICTIONS; i++) {
              killers.add(group.load().bad(PARTITION, Fault.HALT));
            }
            group.load().good(60, WORK);
            awaitDown(group, killers.get(MOST_CONVICTIONS));
            assertConvicted(group, killers.subList(0, MOST_CONVICTIONS));
            assertThat(group.noted("Blocked["))
                .anyMatch(blocked -> blocked.text().contains("dies for its own reasons"));
            // Three for the first, and one for each other that was a suspect with it. Whether they
            // were depends on how far the others had got; else up to four for each.
            assertHolds(
                group,
                killers.get(MOST_CONVICTIONS),
                CrashMember.CRASH_LIMIT + MOST_CONVICTIONS,
                4 * (MOST_CONVICTIONS + 1));
          });
    }
  }

  private CrashMember.Setup setup(Case one, boolean deadLetters, int crashLimit) {
    return new CrashMember.Setup(
        BROKERS,
        Topics.uniqueName("group"),
        Topics.create(BROKERS, "killer", PARTITIONS),
        deadLetters ? Topics.create(BROKERS, "killer-letters", 1) : CrashMember.NO_DEAD_LETTERS,
        directory.resolve("journal"),
        one.protocol(),
        one.ordering(),
        one.concurrency(),
        MAX_ATTEMPTS,
        Duration.ofMillis(50),
        crashLimit);
  }

  private static CrashGroup start(CrashMember.Setup setup) {
    // One key shows the order of the partition.
    int keys = setup.ordering() == Ordering.PARTITION ? 1 : 5;
    return new CrashGroup(setup, PARTITIONS, keys, MEMBERS);
  }

  private interface Body {
    void run() throws Exception;
  }

  private static void telling(CrashGroup group, Object what, Body test) throws Exception {
    try {
      group.members().awaitAllAtWork();
      test.run();
    } catch (Throwable failed) {
      group.tell(KillerRecordIT.class.getSimpleName() + " " + what);
      throw failed;
    }
  }

  private static void assertConvicted(CrashGroup group, Collection<Place> killers) {
    List<Letter> letters = group.letters();
    assertThat(letters)
        .extracting(Letter::place)
        .as("dead letters %s", letters) // again where an owner died before it committed
        .hasSameElementsAs(killers);
    assertThat(letters).extracting(Letter::reason).containsOnly(Letter.CRASHED);
    assertThat(group.noted("Convicted["))
        .extracting(Fact.Noted::text)
        .allMatch(
            text ->
                killers.stream()
                    .anyMatch(
                        killer ->
                            text.contains(
                                "partition=%s, offset=%d,"
                                    .formatted(group.partition(killer), killer.offset()))))
        .hasSizeGreaterThanOrEqualTo(killers.size());
  }

  /** When all is done, nobody is under suspicion any more. */
  private static void assertNothingLeftBehind(CrashGroup group, Map<Integer, Integer> convictions)
      throws Exception {
    assertThat(group.notes())
        .hasSize(PARTITIONS)
        .allSatisfy(
            (partition, note) -> {
              assertThat(note.mode()).isEqualTo(Mode.CLOSED);
              assertThat(note.crashCase()).as("case of partition %d", partition).isNull();
              assertThat(note.convictionSeconds()).hasSize(convictions.getOrDefault(partition, 0));
            });
  }

  private static void awaitDown(CrashGroup group, Place killer) {
    String place = group.partition(killer) + "@" + killer.offset();
    CrashGroup.soon()
        .untilAsserted(
            () ->
                assertThat(group.noted(CrashMember.HEALTH))
                    .extracting(Fact.Noted::text)
                    .as("health, all along")
                    .anyMatch(text -> text.contains("readiness=DOWN") && text.contains(place)));
  }

  /** All other partitions go on, and nobody dies of it any more. */
  private static void assertHolds(CrashGroup group, Place killer, int least, int most)
      throws Exception {
    group.load().good(120, WORK);
    // Behind it nothing is done for certain, but all the rest is.
    Stream<Integer> others = IntStream.range(0, PARTITIONS).filter(p -> p != PARTITION).boxed();
    Set<Integer> wanted = others.collect(Collectors.toSet());
    CrashGroup.soon().until(() -> group.uncommitted(wanted) == 0);
    int deaths = group.members().deaths().size();
    assertThat(deaths).as("deaths").isBetween(least, most);
    assertThat(group.committed(killer.partition())).isEqualTo(killer.offset());
    group.members().leave();
    assertThat(group.members().deaths()).as("no further ones").hasSize(deaths);
    JournalCheck check = group.check(Set.of());
    System.out.println(figures("held at " + killer, group, check, 0));
    assertThat(check.violations()).isEmpty();
  }

  private static String figures(String what, CrashGroup group, JournalCheck check, double seconds) {
    return String.format(
        Locale.ROOT,
        "FIGURES killer record, %s: %d records, %d done, %d deaths, %d processes, %d unclean ends"
            + " seen, %d convictions, %d dead letters, %d lost, %d begun again that were cut off,"
            + " past it after %.1f s, %d violations",
        what,
        group.load().sent(),
        check.repeats().done(),
        group.members().deaths().size(),
        group.members().started(),
        check.deaths().uncleanEnds(),
        check.deaths().convictions(),
        check.dead(),
        check.lost(),
        check.repeats().cutOffAgain(),
        seconds,
        check.violationCount());
  }
}
