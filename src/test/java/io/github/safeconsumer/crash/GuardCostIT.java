package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.UncleanEnd;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the crash guard costs, in commits: nothing while nobody dies, and little after a kill. */
@Timeout(300)
class GuardCostIT {
  private static final String BROKERS = SharedKafka.bootstrapServers();
  private static final int PARTITIONS = 4;
  private static final int CONCURRENCY = 16;
  private static final int PER_SECOND_UNDER_LOAD = 5;

  /** Commits that somebody waits for: of takeovers, and of leases until the rate is known. */
  private static final int SOME = 40;

  /**
   * A narrowing has a hundred windows. A slow machine gets through one in several steps, and each
   * of them lets the window on with a commit of its own; one for each suspect would be thousands.
   */
  private static final int A_FEW_HUNDRED = 500;

  @TempDir Path directory;

  private final EventLog events = new EventLog();

  /** The bound is the same with the guard and without. */
  @ParameterizedTest
  @ValueSource(ints = {0, CrashMember.CRASH_LIMIT})
  void shouldCommitAtTheSamePaceWithTheGuardAndWithout(int crashLimit) throws Exception {
    int records = 20_000;
    CrashMember.Setup setup = setup(PARTITIONS, crashLimit);
    try (SharedJournal journal = new SharedJournal(setup.journal());
        Numbered load = new Numbered(BROKERS, setup.topic(), PARTITIONS, 50)) {
      load.good(records, Duration.ofMillis(2));
      try (SafeConsumer<String, String> member = join(setup, journal)) {
        long began = System.nanoTime();
        CrashGroup.soon().until(() -> member.status().handled() == records);
        double seconds = (System.nanoTime() - began) / 1e9;
        long commits = member.status().commits();
        System.out.printf(
            "FIGURES commits, crashLimit(%d): %d records, %d commits in %.1f s%n",
            crashLimit, records, commits, seconds);
        assertThat(commits)
            .as("commits for %d records in %.1f s", records, seconds)
            .isPositive()
            .isLessThan((long) (PER_SECOND_UNDER_LOAD * seconds) + SOME);
        assertThat(events.of(UncleanEnd.class)).isEmpty();
      }
    }
  }

  @Test
  void shouldCostAFewHundredCommitsWhenAVeryFastConsumerWasKilled() throws Exception {
    int records = 200_000;
    CrashMember.Setup setup = setup(1, CrashMember.CRASH_LIMIT);
    try (Numbered load = new Numbered(BROKERS, setup.topic(), 1, 50)) {
      load.good(records, Duration.ZERO); // before anybody consumes: most is left at the kill
    }
    try (CrashGroup group = new CrashGroup(setup, 1, 50, 1)) {
      CrashGroup.soon().until(() -> group.committed() > records / 10);
      group.members().stopReplacing();
      group.members().kill(group.members().atWork().get(0));
      try (SafeConsumer<String, String> next = join(setup, group.journal())) {
        CrashGroup.soon().until(() -> !events.of(UncleanEnd.class).isEmpty());
        UncleanEnd end = events.of(UncleanEnd.class).get(0);
        long began = System.nanoTime();
        CrashGroup.soon()
            .until(() -> next.status().partitions().stream().allMatch(one -> one.suspects() == 0));
        double seconds = (System.nanoTime() - began) / 1e9;
        long commits = next.status().commits();
        CrashGroup.soon().until(() -> group.committed() == records);
        System.out.printf(
            "FIGURES commits after a kill: %d suspects, done with in %.1f s and %d commits%n",
            end.suspects(), seconds, commits);
        assertThat(end.suspects()).as("else it was not fast").isGreaterThan(10_000);
        assertThat(end.times()).isEqualTo(1);
        assertThat(commits).isLessThan(A_FEW_HUNDRED + (long) (PER_SECOND_UNDER_LOAD * seconds));
      }
    }
  }

  private SafeConsumer<String, String> join(CrashMember.Setup setup, SharedJournal journal)
      throws Exception {
    SafeConsumer<String, String> member = setup.consumer("here", journal).listener(events).build();
    assertThat(member.start().get(60, TimeUnit.SECONDS).applied()).isTrue();
    return member;
  }

  private CrashMember.Setup setup(int partitions, int crashLimit) {
    return new CrashMember.Setup(
        BROKERS,
        Topics.uniqueName("group"),
        Topics.create(BROKERS, "cost", partitions),
        CrashMember.NO_DEAD_LETTERS,
        directory.resolve("journal"),
        GroupProtocol.COOPERATIVE,
        Ordering.KEY,
        CONCURRENCY,
        3,
        Duration.ofMillis(50),
        crashLimit);
  }
}
