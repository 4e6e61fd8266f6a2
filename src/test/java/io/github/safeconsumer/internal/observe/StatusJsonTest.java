package io.github.safeconsumer.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.safeconsumer.Alert;
import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.BudgetStatus.TopicLatency;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SpendingStatus;
import io.github.safeconsumer.State;
import io.github.safeconsumer.Status;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
  private static final PartitionStatus KNOWN =
      new PartitionStatus(
          new TopicPartition("orders", 3),
          7,
          100,
          OptionalLong.of(90),
          OptionalLong.of(1_234_567_890_123L),
          Optional.of(Duration.ofMillis(61_002)),
          OptionalDouble.of(12.25),
          OptionalDouble.of(10),
          Optional.of(Duration.ofSeconds(90)),
          5,
          6_000,
          1,
          Optional.of(Duration.ofMillis(1_500)),
          2,
          3,
          4,
          5,
          Set.of(PauseReason.PARTITION_FULL, PauseReason.USER),
          Map.of(
              PauseReason.PARTITION_FULL,
              Instant.parse("2026-01-02T03:04:02Z"),
              PauseReason.USER,
              Instant.parse("2026-01-02T03:04:01Z")));
  private static final PartitionStatus UNKNOWN =
      new PartitionStatus(
          new TopicPartition("orders", 4),
          8,
          0,
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          0,
          0,
          0,
          Optional.empty(),
          0,
          0,
          0,
          0,
          Set.of(),
          Map.of());

  private static final BreakerStatus BREAKER =
      new BreakerStatus(
          "ledger",
          BreakerStatus.State.HALF_OPEN,
          true,
          1,
          2,
          Optional.of(Instant.parse("2026-01-02T03:04:01Z")),
          Optional.empty(),
          3,
          4);

  private static final BudgetStatus BUDGET =
      new BudgetStatus(
          Duration.ofSeconds(21),
          8,
          1_400,
          64,
          936,
          2 / 3.0,
          OptionalDouble.of(12.5),
          List.of(
              new TopicLatency(
                  "orders",
                  5_000_000_000L,
                  Duration.ofNanos(350_999),
                  Duration.ofNanos(1_200_000),
                  Duration.ofMillis(120),
                  Duration.ofNanos(120_001_000))),
          500,
          175,
          Duration.ofMillis(85_715),
          "500 x 120 ms = 60 s",
          Optional.of(Duration.ofMillis(1_500)));
  private static final BudgetStatus NOTHING_KNOWN =
      new BudgetStatus(
          Duration.ofSeconds(210),
          0,
          0,
          0,
          0,
          0,
          OptionalDouble.empty(),
          List.of(),
          500,
          500,
          Duration.ofSeconds(300),
          "",
          Optional.empty());

  @Test
  void shouldWriteEveryFieldUnderTheNameOfItsComponent() throws Exception {
    JsonNode json = parse(status("orders", Optional.empty()));

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(
            names(Status.class).stream()
                .map(name -> name.equals("retrySchedule") ? "retryScheduleMs" : name)
                .toList());
    JsonNode budget = json.get("budget");
    assertThat(budget.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(withUnits(BudgetStatus.class, "Ms"));
    assertThat(budget.get("latencies").get(0).fieldNames())
        .toIterable()
        .containsExactlyElementsOf(withUnits(TopicLatency.class, "Us"));
    List<String> partition = withUnits(PartitionStatus.class, "Ms");
    assertThat(json.get("partitions").get(0).fieldNames())
        .toIterable()
        .contains("topic")
        .containsAll(partition)
        .hasSize(partition.size() + 1);
  }

  @Test
  void shouldWriteTheValues() throws Exception {
    JsonNode json = parse(status("orders", Optional.of("java.io.IOException: it \"broke\"\n")));

    assertThat(json.get("at").textValue()).isEqualTo("2026-01-02T03:04:05.006Z");
    assertThat(json.get("state").textValue()).isEqualTo("PAUSED");
    assertThat(json.get("failure").textValue()).isEqualTo("java.io.IOException: it \"broke\"\n");
    assertThat(json.get("generation").intValue()).isEqualTo(-1);
    assertThat(json.get("pauseReasons").toString()).isEqualTo("[\"USER\",\"FLOOD\"]");
    assertThat(json.get("eventsDropped").longValue()).isEqualTo(Long.MAX_VALUE);
    assertThat(json.get("retryScheduleMs").toString()).isEqualTo("[1000,2500]");
    assertThat(json.get("partitions").get(0).toString())
        .isEqualTo(
            "{\"topic\":\"orders\",\"partition\":3,\"epoch\":7,\"watermark\":100,\"committed\":90,\"lag\":1234567890123,"
                + "\"oldestAgeMs\":61002,\"donePerSecond\":12.25,\"arrivedPerSecond\":10,\"timeToDrainMs\":90000,"
                + "\"buffered\":5,\"bufferedBytes\":6000,\"inFlight\":1,\"oldestAttemptMs\":1500,\"waiting\":2,\"deadLettering\":3,\"blocked\":4,\"suspects\":5,"
                + "\"pauseReasons\":[\"USER\",\"PARTITION_FULL\"],"
                + "\"pausedSince\":{\"USER\":\"2026-01-02T03:04:01Z\",\"PARTITION_FULL\":\"2026-01-02T03:04:02Z\"}}");
  }

  @Test
  void shouldWriteBreakersAndSpending() throws Exception {
    JsonNode json = parse(status("orders", Optional.empty()));

    assertThat(json.get("breakers").toString())
        .isEqualTo(
            "[{\"scope\":\"ledger\",\"state\":\"HALF_OPEN\",\"forced\":true,\"failuresInARow\":1,\"openings\":2,"
                + "\"openSince\":\"2026-01-02T03:04:01Z\",\"nextProbe\":null,\"parked\":3,\"probes\":4}]");
    assertThat(json.get("spending").toString())
        .isEqualTo(
            "{\"spent\":1.5,\"prevented\":0,\"lastHour\":0.25,\"limitPerHour\":40,\"pausedUntil\":null}");
    assertThat(json.get("abandoned").intValue()).isEqualTo(9);
    assertThat(json.get("alerts").size()).isEqualTo(1);
    assertThat(json.get("alerts").get(0).get("name").asText()).isEqualTo("blocked");
    assertThat(json.get("alerts").get(0).get("subject").asText()).isEqualTo("orders-3");
    assertThat(json.get("alerts").get(0).get("since").asText()).isEqualTo("2026-01-02T03:03:00Z");
    assertThat(json.get("alerts").get(0).get("evidence").asText())
        .isEqualTo("BLOCKED_RECORD: orders-3@7");
  }

  @Test
  void shouldNameEveryFieldOfTheBudgetWhereThePageSaysWhatIsApi() throws Exception {
    String page = Files.readString(Path.of("docs", "VERSIONING.md"));

    assertThat(withUnits(BudgetStatus.class, "Ms"))
        .allMatch(name -> page.contains("`" + name + "`"));
    assertThat(withUnits(TopicLatency.class, "Us"))
        .allMatch(name -> page.contains("`" + name + "`"));
  }

  @Test
  void shouldWriteTheBudgetWithLatenciesInMicroseconds() throws Exception {
    JsonNode json = parse(status("orders", Optional.empty()));

    assertThat(json.get("budget").toString())
        .isEqualTo(
            "{\"windowMs\":21000,\"parallelism\":8,\"records\":1400,\"admitted\":64,\"buffered\":936,"
                + "\"utilisation\":0.667,\"maxRecordsPerSecond\":12.5,"
                + "\"latencies\":[{\"topic\":\"orders\",\"samples\":5000000000,\"p50Us\":350,\"p95Us\":1200,"
                + "\"p99Us\":120000,\"assumedUs\":120001}],"
                + "\"maxPollRecords\":500,\"recommendedMaxPollRecords\":175,\"recommendedIntervalMs\":85715,"
                + "\"sum\":\"500 x 120 ms = 60 s\",\"timeToDrainMs\":1500}");
  }

  @Test
  void shouldNeverFailForADurationThatIsTooLongForItsUnit() throws Exception {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    JsonNode budget =
        parse(
                status(
                    "orders",
                    Optional.empty(),
                    new BudgetStatus(
                        longest,
                        1,
                        1,
                        0,
                        0,
                        0,
                        OptionalDouble.of(1e300),
                        List.of(new TopicLatency("orders", 1, longest, longest, longest, longest)),
                        1,
                        1,
                        longest,
                        "",
                        Optional.of(longest))))
            .get("budget");

    assertThat(budget.get("recommendedIntervalMs").longValue()).isEqualTo(Long.MAX_VALUE);
    assertThat(budget.get("timeToDrainMs").longValue()).isEqualTo(Long.MAX_VALUE);
    assertThat(budget.get("latencies").get(0).get("p99Us").longValue()).isEqualTo(Long.MAX_VALUE);
    assertThat(budget.get("maxRecordsPerSecond").doubleValue()).isEqualTo(1e300);
  }

  @Test
  void shouldWriteNullForWhatIsNotKnown() throws Exception {
    JsonNode json = parse(status("orders", Optional.empty(), NOTHING_KNOWN));

    assertThat(json.get("budget").get("maxRecordsPerSecond").isNull()).isTrue();
    assertThat(json.get("budget").get("sum").isNull()).isTrue();
    assertThat(json.get("budget").get("timeToDrainMs").isNull()).isTrue();
    assertThat(json.get("budget").get("latencies")).isEmpty();

    assertThat(json.get("failure").isNull()).isTrue();
    assertThat(json.get("partitions").get(1).get("committed").isNull()).isTrue();
    assertThat(json.get("partitions").get(1).get("lag").isNull()).isTrue();
  }

  @Test
  void shouldKeepAnyNameWhole() throws Exception {
    String name = "\u0000 \" \\ </script> \u2028 \ud83d\ude00 \udc00";

    assertThat(parse(status(name, Optional.empty())).get("name").textValue()).isEqualTo(name);
  }

  private static JsonNode parse(Status status) throws Exception {
    return new ObjectMapper().readTree(status.toJson());
  }

  private static List<String> names(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  /** The names of a record's components; those of durations with their unit behind. */
  private static List<String> withUnits(Class<? extends Record> type, String unit) {
    return Arrays.stream(type.getRecordComponents())
        .map(
            component ->
                component.getName()
                    + (component.getGenericType().getTypeName().contains("Duration") ? unit : ""))
        .toList();
  }

  private static Status status(String name, Optional<String> failure) {
    return status(name, failure, BUDGET);
  }

  private static Status status(String name, Optional<String> failure, BudgetStatus budget) {
    return new Status(
        Instant.parse("2026-01-02T03:04:05.006Z"),
        name,
        "group",
        State.PAUSED,
        failure,
        -1,
        Set.of(PauseReason.FLOOD, PauseReason.USER),
        List.of(KNOWN, UNKNOWN),
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        Long.MAX_VALUE,
        List.of(Duration.ofSeconds(1), Duration.ofMillis(2500)),
        budget,
        List.of(BREAKER),
        new SpendingStatus(1.5, 0, 0.25, OptionalDouble.of(40), Optional.empty()),
        9,
        List.of(
            new Alert(
                "blocked",
                "orders-3",
                Instant.parse("2026-01-02T03:03:00Z"),
                "BLOCKED_RECORD: orders-3@7")));
  }
}
