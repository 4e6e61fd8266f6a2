package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.integration.SuspendingMain.Mode;
import io.github.safeconsumer.support.ChildJvm;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM that is asked to end, as an orchestrator does it, whatever its consumer is doing. */
@Timeout(180)
class TerminationIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;
  private static final int TERMINATED = 143;
  private static final int TIMES = Boolean.getBoolean("safeconsumer.long") ? 50 : 5;
  private static final int RECORDS_EACH_TIME = 400;
  private static final int RECORDS = TIMES * RECORDS_EACH_TIME;

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "terminated", PARTITIONS);

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#each")
  void shouldLoseAndRepeatNothingThoughOneMemberAfterTheOtherIsTerminatedUnderLoad(
      GroupProtocol protocol) throws Exception {
    AtomicReference<Duration> work = new AtomicReference<>(Duration.ofMillis(200));
    Journal<String> stays = new Journal<>((record, context) -> Work.lasting(work.get()));
    List<String> done = new ArrayList<>();
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer sibling =
            new WatchedConsumer(brokers, group, stays, topic)
                .with(protocol.settings(1))
                .concurrency(2)) {
      sibling.join();
      for (int time = 0; time < TIMES; time++) {
        Clients.fill(brokers, topic, PARTITIONS, RECORDS_EACH_TIME);
        try (ChildJvm child =
            ChildJvm.start(MemberMain.class, brokers, group, topic, protocol.name(), "300000")) {
          await().atMost(SOON).until(() -> done(child).size() >= 15);
          child.stop();
          assertThat(child.awaitExit(SOON)).isEqualTo(TERMINATED);
          done.addAll(done(child));
        }
      }
      work.set(Duration.ZERO);
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == RECORDS);
      sibling.closeClean();
    }
    int byChildren = done.size();
    stays.finished().forEach(e -> done.add("done " + e.partition() + "@" + e.offset()));
    System.out.printf(
        "FIGURES SIGTERM under load, %s: %d times, %d records of which %d by those terminated,"
            + " 0 lost, %d duplicates%n",
        protocol, TIMES, RECORDS, byChildren, done.size() - done.stream().distinct().count());
    assertThat(done).doesNotHaveDuplicates().hasSize(RECORDS);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource(Mode.class)
  void shouldEndInTimeAndCommittedInEachMode(Mode mode) throws Exception {
    Clients.fill(brokers, topic, PARTITIONS, 400);
    try (Admin admin = Clients.admin(brokers);
        ChildJvm child =
            ChildJvm.start(
                SuspendingMain.class,
                brokers,
                group,
                topic,
                GroupProtocol.EAGER.name(),
                mode.name())) {
      child.awaitLine(
          switch (mode) {
            case RETURN, STAY -> "answer Outcome[result=APPLIED";
            case DRAIN -> "suspending";
            case HOOK -> "ready";
          },
          SOON);
      long asked = System.nanoTime();
      if (mode != Mode.RETURN) {
        child.stop();
      }
      int code = child.awaitExit(SOON);
      Duration took = Duration.ofNanos(System.nanoTime() - asked);

      assertThat(code)
          .as("a suspended consumer keeps no JVM alive")
          .isEqualTo(mode == Mode.RETURN ? 0 : TERMINATED);
      assertThat(took)
          .as("far below what an orchestrator grants")
          .isLessThan(SuspendingMain.LAST_RECORD.plusSeconds(10));
      assertThat(Consumers.members(admin, group)).isZero();
      assertThat(Consumers.committedInAll(admin, group))
          .as(() -> String.join("\n", child.lines()))
          .isEqualTo(done(child).size());
      if (mode == Mode.HOOK) {
        assertThat(child.lines()).contains("all answered");
      }
      System.out.printf("FIGURES JVM ends, %s: %d ms after it was asked%n", mode, took.toMillis());
    }
  }

  private static List<String> done(ChildJvm child) {
    return child.lines().stream().filter(line -> line.startsWith("done ")).toList();
  }
}
