package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An owner dies between the last attempt of a record and the acknowledgement of its dead letter:
 * the next owner sends the letter, without another attempt, and it says what the first one knew.
 *
 * <p>Here the topic is gone. No member would start without it, so all are there before, and nobody
 * is replaced.
 */
@Timeout(300)
class ExhaustedIT {
  private static final String BROKERS = SharedKafka.bootstrapServers();
  private static final int PARTITIONS = 3;
  private static final int EACH = 6;
  private static final int MAX_ATTEMPTS = 3;
  private static final int KEYS = 100;

  @TempDir Path directory;

  private final String letters = Topics.create(BROKERS, "owed", 1);

  static List<GroupProtocol> protocols() {
    return GroupProtocol.each();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("protocols")
  void shouldSendWhatEarlierOwnersOwedWithoutAnotherAttempt(GroupProtocol protocol)
      throws Exception {
    try (CrashGroup group = start(protocol, 3)) {
      try {
        takeLettersAway(group);
        Instant before = Instant.now();
        List<Place> exhausted = new ArrayList<>();
        List<Place> hopeless = new ArrayList<>();
        List<Place> unreadable = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
          exhausted.add(group.load().one(i % PARTITIONS, Task.ALWAYS, Duration.ofMillis(5)));
          hopeless.add(group.load().bad(i % PARTITIONS, Fault.HOPELESS));
          unreadable.add(group.load().bad(i % PARTITIONS, Fault.UNREADABLE));
        }
        group.load().good(30, Duration.ofMillis(5));
        awaitOwed(group, 3 * EACH);
        List<String> members = group.members().names();
        group.members().kill(members.get(0));
        Instant killed = Instant.now();
        awaitOwners(group, members.subList(1, 3)); // they cannot send them either
        group.members().terminate(members.get(1));
        awaitOwners(group, members.subList(2, 3));
        bringLettersBack();
        group.awaitAllCommitted();
        group.members().leave();

        JournalCheck check = group.check(Set.of());
        System.out.printf(
            "FIGURES owed dead letters, %s: %d owners, %d letters, %d more attempts than charged, %d"
                + " lost%n",
            protocol,
            group.members().started(),
            check.dead(),
            check.attempts().overBound(),
            check.lost());
        assertThat(check.violations()).isEmpty();
        assertLetters(group, exhausted, Letter.EXHAUSTED, MAX_ATTEMPTS, before, killed);
        assertLetters(group, hopeless, "non-retryable", 1, before, killed);
        assertLetters(group, unreadable, "undeserializable", 1, before, killed);
        assertThat(group.letters()).hasSize(3 * EACH);
        Attempts attempts = Attempts.in(group.journal());
        assertThat(exhausted).allMatch(place -> attempts.of(place).size() == MAX_ATTEMPTS);
        assertThat(hopeless).allMatch(place -> attempts.of(place).size() == 1);
        assertThat(group.noted(JournallingDeserializer.REFUSED)).hasSize(EACH);
      } catch (Throwable failed) {
        group.tell("ExhaustedIT " + protocol);
        throw failed;
      }
    }
  }

  /** The same for the letter of a record that processes died of. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNotRunAConvictedRecordAgainThoughItsJudgeDies() throws Exception {
    int members = CrashMember.CRASH_LIMIT + 2;
    try (CrashGroup group = start(GroupProtocol.COOPERATIVE, members)) {
      try {
        takeLettersAway(group);
        group.load().good(30, Duration.ofMillis(5));
        Place killer = group.load().bad(0, Fault.HALT);
        group.load().good(30, Duration.ofMillis(5));
        awaitOwed(group, 1);
        String judge =
            group.members().names().stream()
                .filter(one -> group.owns(one, killer.partition()))
                .findFirst()
                .orElseThrow();
        group.members().kill(judge);
        awaitOwners(group, group.members().names());
        bringLettersBack();
        group.awaitAllCommitted();
        group.members().leave();

        JournalCheck check = group.check(Set.of());
        assertThat(check.violations()).isEmpty();
        assertThat(group.letters())
            .singleElement()
            .returns(killer, Letter::place)
            .returns(Letter.CRASHED, Letter::reason)
            .returns(CrashMember.CRASH_LIMIT, Letter::attempts);
        assertThat(group.members().deaths()).hasSize(CrashMember.CRASH_LIMIT);
        assertThat(Attempts.in(group.journal()).of(killer)).hasSize(CrashMember.CRASH_LIMIT);
      } catch (Throwable failed) {
        group.tell("ExhaustedIT convicted");
        throw failed;
      }
    }
  }

  private static void awaitOwed(CrashGroup group, int records) {
    CrashGroup.soon()
        .untilAsserted(
            () ->
                assertThat(group.owed())
                    .as("records that owe a dead letter, by confirmed commits")
                    .isEqualTo(records));
  }

  /** These have everything. */
  private static void awaitOwners(CrashGroup group, List<String> members) {
    CrashGroup.soon().until(() -> members.stream().mapToInt(group::owned).sum() == PARTITIONS);
  }

  private CrashGroup start(GroupProtocol protocol, int members) {
    return new CrashGroup(setup(protocol), PARTITIONS, KEYS, members);
  }

  private void takeLettersAway(CrashGroup group) {
    group.members().awaitAllJoined();
    group.members().stopReplacing();
    try (Operator operator = new Operator(BROKERS)) {
      operator.delete(letters);
    }
  }

  private void bringLettersBack() {
    Topics.createNamed(BROKERS, letters, 1, Map.of());
  }

  private static void assertLetters(
      CrashGroup group,
      Collection<Place> places,
      String reason,
      int attempts,
      Instant before,
      Instant killed) {
    List<Letter> found =
        group.letters().stream().filter(letter -> places.contains(letter.place())).toList();
    assertThat(found)
        .hasSize(places.size())
        .allSatisfy(
            letter -> {
              assertThat(letter.reason()).isEqualTo(reason);
              assertThat(letter.attempts()).isEqualTo(attempts);
              // The next owner is told the second.
              assertThat(letter.firstFailure())
                  .hasValueSatisfying(
                      first -> assertThat(first).isBetween(before.minusSeconds(1), killed));
            });
  }

  private CrashMember.Setup setup(GroupProtocol protocol) {
    return new CrashMember.Setup(
        BROKERS,
        Topics.uniqueName("group"),
        Topics.create(BROKERS, "exhausted", PARTITIONS),
        letters,
        directory.resolve("journal"),
        protocol,
        Ordering.KEY,
        16,
        MAX_ATTEMPTS,
        Duration.ofMillis(50));
  }
}
