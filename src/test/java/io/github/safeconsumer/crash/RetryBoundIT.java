package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
 * The attempts of a failing record, counted over all that owned its partition one after the other
 * without a crash: exactly as many as the policy says, with numbers and first failure going on.
 */
@Timeout(180)
class RetryBoundIT {
  private static final String PROTOCOLS = "io.github.safeconsumer.support.GroupProtocol#each";
  private static final String BROKERS = SharedKafka.bootstrapServers();
  private static final int PARTITIONS = 4;
  private static final int RECORDS = 12;
  private static final int MAX_ATTEMPTS = 8;

  @TempDir Path directory;

  private final Admin admin = Clients.admin(BROKERS);
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(BROKERS, "bounded", PARTITIONS);
  private final String letters = Topics.create(BROKERS, "bounded-letters", 1);
  private final Tasks tasks = new Tasks(BROKERS, topic, PARTITIONS);
  private final List<SafeConsumer<String, String>> members = new ArrayList<>();
  private SharedJournal journal;

  @BeforeEach
  void begin() {
    journal = new SharedJournal(directory.resolve("journal"));
  }

  @AfterEach
  void end() {
    members.forEach(SafeConsumer::close);
    journal.close();
    admin.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(PROTOCOLS)
  void shouldGoOnCountingWhenASiblingJoinsAndLeaves(GroupProtocol protocol) throws Exception {
    join(protocol, "a");
    List<Place> first = failing();
    awaitBegun(first, 2);
    SafeConsumer<String, String> sibling = join(protocol, "b");
    awaitBuried(RECORDS);
    assertThat(Attempts.in(journal).ofSeveralOwners(first)).as("went to the sibling").isPositive();

    List<Place> second = failing();
    awaitBegun(second, 2);
    closeClean(sibling);
    awaitBuried(2 * RECORDS);
    assertThat(Attempts.in(journal).ofSeveralOwners(second)).as("came back").isPositive();
    check(2 * RECORDS);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource(PROTOCOLS)
  void shouldGoOnCountingAfterACleanRestartAndAfterASuspend(GroupProtocol protocol)
      throws Exception {
    SafeConsumer<String, String> before = join(protocol, "a");
    List<Place> first = failing();
    awaitBegun(first, 2);
    closeClean(before);
    SafeConsumer<String, String> after = join(protocol, "b");
    awaitBuried(RECORDS);
    assertThat(Attempts.in(journal).ofSeveralOwners(first)).isEqualTo(RECORDS);

    List<Place> second = failing();
    awaitBegun(second, 2);
    applied(after.suspend());
    int begun = begun(second);
    assertThat(begun).as("else the suspend came too late").isLessThan(RECORDS * MAX_ATTEMPTS);
    applied(after.resume());
    awaitBuried(2 * RECORDS);
    assertThat(begun(second)).as("went on after the suspend").isGreaterThan(begun);
    check(2 * RECORDS);
  }

  private List<Place> failing() throws Exception {
    tasks.add(100, 0, Duration.ofMillis(1));
    return tasks.add(RECORDS, Task.ALWAYS, Duration.ofMillis(5));
  }

  private SafeConsumer<String, String> join(GroupProtocol protocol, String name) throws Exception {
    CrashMember.Setup setup =
        new CrashMember.Setup(
            BROKERS,
            group,
            topic,
            letters,
            directory.resolve("journal"),
            protocol,
            Ordering.KEY,
            16,
            MAX_ATTEMPTS,
            Duration.ofMillis(400));
    SafeConsumer<String, String> member = setup.consumer(name, journal).build();
    members.add(member);
    applied(member.start());
    return member;
  }

  private void check(int buried) {
    JournalCheck check = new JournalCheck(MAX_ATTEMPTS);
    journal.read(check::see);
    List<Letter> stated = DeadLetters.read(BROKERS, letters, buried);
    check.finish(Map.of(), stated);
    assertThat(check.violations()).isEmpty();
    assertThat(stated).hasSize(buried);
    Attempts attempts = Attempts.in(journal);
    assertThat(stated)
        .as("attempts of each record, over all owners")
        .allSatisfy(
            letter ->
                assertThat(attempts.of(letter.place()))
                    .extracting(Fact.Begun::attempt)
                    .containsExactly(1, 2, 3, 4, 5, 6, 7, 8));
  }

  private int begun(List<Place> places) {
    Attempts attempts = Attempts.in(journal);
    return places.stream().mapToInt(place -> attempts.of(place).size()).sum();
  }

  private void awaitBegun(List<Place> places, int count) {
    soon().until(() -> Attempts.in(journal).eachBegan(places, count));
  }

  private void awaitBuried(int count) {
    soon()
        .until(
            () ->
                members.stream().mapToLong(member -> member.status().deadLettered()).sum()
                    >= count);
    soon().until(() -> Consumers.committedInAll(admin, group) == count + 100L * (count / RECORDS));
  }

  private static void closeClean(SafeConsumer<String, String> member) {
    CloseReport report = member.close(Duration.ofSeconds(20));
    assertThat(report.clean()).as(report.toString()).isTrue();
  }

  private static void applied(CompletableFuture<Outcome> answer) throws Exception {
    Outcome outcome = answer.get(60, TimeUnit.SECONDS);
    assertThat(outcome.applied()).as(outcome.toString()).isTrue();
  }

  private static ConditionFactory soon() {
    return await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20));
  }
}
