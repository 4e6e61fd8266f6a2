package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.documentation.PermissionsTable;
import io.github.safeconsumer.documentation.PermissionsTable.Row;
import io.github.safeconsumer.integration.SecureScenario.Access;
import io.github.safeconsumer.integration.SecureScenario.Protocol;
import io.github.safeconsumer.support.CapturedLog;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Encrypted, authenticated and with exactly the permissions that docs/OPERATIONS.md lists: they are
 * enough, and none of them is too many.
 */
class SecureKafkaIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @ParameterizedTest
  @MethodSource("everyWayIn")
  void shouldNeedNoMorePermissionsThanDocumented(Access access, Protocol protocol)
      throws Exception {
    SecureScenario scenario =
        new SecureScenario(access, protocol)
            .withLetters()
            .allowed(row -> row.operation() != AclOperation.CREATE)
            .withRecords();
    try (CapturedLog log = new CapturedLog();
        SafeConsumer<String, String> consumer = scenario.member().build()) {
      assertThat(consumer.start().get(30, TimeUnit.SECONDS).result())
          .isEqualTo(Outcome.Result.APPLIED);
      awaitCommitted(scenario, 3);
      assertThat(consumer.health())
          .isEqualTo(new Health(Health.Level.UP, Health.Level.UP, List.of()));
      assertThat(consumer.close(Duration.ofSeconds(10)).clean()).isTrue();
      assertThat(log.warnings()).isNotEmpty().allMatch(line -> line.contains("DeadLettered"));
      assertThat(log.toString()).doesNotContain(scenario.secret);
    }
    assertThat(scenario.journal.finished()).extracting("value").containsExactly("one", "two");
    assertThat(Clients.read(scenario.kafka.plain(), scenario.letters, 1))
        .extracting("value")
        .containsExactly(SecureScenario.POISON);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void shouldCreateTheDeadLetterTopicWithThePermissionToDoSo(Protocol protocol) throws Exception {
    SecureScenario scenario =
        new SecureScenario(Access.SCRAM, protocol).allowed(row -> true).withRecords();
    try (SafeConsumer<String, String> consumer =
        scenario.member().deadLetter(DeadLetterPolicy.suffix(".dlt").createIfMissing()).build()) {
      assertThat(consumer.start().get(30, TimeUnit.SECONDS).result())
          .isEqualTo(Outcome.Result.APPLIED);
      awaitCommitted(scenario, 3);
    }
    assertThat(Clients.read(scenario.kafka.plain(), scenario.letters, 1)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void shouldReadByPatternWhatItMayRead(Protocol protocol) throws Exception {
    SecureScenario scenario =
        new SecureScenario(Access.SCRAM, protocol)
            .withLetters()
            .allowed(row -> row.operation() != AclOperation.CREATE)
            .withRecords();
    String forbidden = scenario.orders + "-of-others";
    Topics.createNamed(scenario.kafka.plain(), forbidden, 1, Map.of());
    Clients.produce(scenario.kafka.plain(), forbidden, "not for us");
    try (SafeConsumer<String, String> consumer =
        byPattern(scenario, Pattern.compile(Pattern.quote(scenario.orders) + ".*"))) {
      assertThat(consumer.start().get(30, TimeUnit.SECONDS).result())
          .isEqualTo(Outcome.Result.APPLIED);
      awaitCommitted(scenario, 3);
      assertThat(consumer.health().readiness()).isEqualTo(Health.Level.UP);
    }
    assertThat(scenario.journal.finished()).extracting("value").containsExactly("one", "two");
  }

  private static SafeConsumer<String, String> byPattern(SecureScenario scenario, Pattern pattern) {
    return SafeConsumer.<String, String>builder()
        .kafka(scenario.settings())
        .topics(pattern)
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .deadLetter(DeadLetterPolicy.suffix(".dlt"))
        .retry(RetryPolicy.none())
        .shutdownHook(false)
        .handler(scenario.journal)
        .build();
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("everyPermission")
  void shouldSaySoWhereADocumentedPermissionIsMissing(Row missing, Protocol protocol)
      throws Exception {
    SecureScenario scenario =
        new SecureScenario(Access.SCRAM, protocol)
            .allowed(row -> !row.equals(missing))
            .withRecords();
    boolean creates = missing.operation() == AclOperation.CREATE;
    if (!creates) {
      scenario.withLetters();
    }
    DeadLetterPolicy policy = DeadLetterPolicy.suffix(".dlt");
    try (CapturedLog log = new CapturedLog();
        SafeConsumer<String, String> consumer =
            scenario.member().deadLetter(creates ? policy.createIfMissing() : policy).build()) {
      CompletableFuture<Outcome> start = consumer.start();
      await(missing + " is missing: docs/OPERATIONS.md:" + missing.line())
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(visible(consumer, start, log))
                      .anyMatch(line -> line.contains(missing.symptom())));
      if (missing.operation() == AclOperation.DESCRIBE_CONFIGS) {
        awaitCommitted(scenario, 3); // only the check at start is poorer
      } else {
        assertThat(consumer.health().readiness()).isEqualTo(Health.Level.DOWN);
      }
      if (creates) {
        assertThat(start.get(30, TimeUnit.SECONDS).result()).isEqualTo(Outcome.Result.FAILED);
      }
      assertThat(consumer.health().liveness())
          .isEqualTo(creates ? Health.Level.DOWN : Health.Level.UP);
    }
  }

  /** What an operator can see. */
  private static List<String> visible(
      SafeConsumer<?, ?> consumer, CompletableFuture<Outcome> start, CapturedLog log) {
    List<String> seen = new ArrayList<>(consumer.health().reasons());
    seen.addAll(log.warnings());
    if (start.isDone()) {
      seen.add(start.join().reason());
    }
    return seen;
  }

  private static void awaitCommitted(SecureScenario scenario, long records) {
    try (Admin admin = Clients.admin(scenario.kafka.plain())) {
      await("all records done")
          .atMost(SOON)
          .until(
              () ->
                  Consumers.committed(admin, scenario.group).values().stream()
                          .mapToLong(offset -> offset)
                          .sum()
                      == records);
    }
  }

  static Stream<Protocol> protocols() {
    return Protocol.possible();
  }

  static Stream<Arguments> everyWayIn() {
    return Arrays.stream(Access.values())
        .flatMap(a -> Protocol.possible().map(p -> Arguments.of(a, p)));
  }

  static Stream<Arguments> everyPermission() {
    return PermissionsTable.rows().stream()
        .flatMap(row -> Protocol.possible().map(p -> Arguments.of(row, p)));
  }
}
