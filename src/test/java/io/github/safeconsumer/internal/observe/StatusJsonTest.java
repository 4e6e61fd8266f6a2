package io.github.safeconsumer.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.State;
import io.github.safeconsumer.Status;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
          5,
          6_000,
          1,
          2,
          3,
          4,
          Set.of(PauseReason.PARTITION_FULL, PauseReason.USER));
  private static final PartitionStatus UNKNOWN =
      new PartitionStatus(
          new TopicPartition("orders", 4),
          8,
          0,
          OptionalLong.empty(),
          OptionalLong.empty(),
          0,
          0,
          0,
          0,
          0,
          0,
          Set.of());

  @Test
  void shouldWriteEveryFieldUnderTheNameOfItsComponent() throws Exception {
    JsonNode json = parse(status("orders", Optional.empty()));

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(
            names(Status.class).stream()
                .map(name -> name.equals("retrySchedule") ? "retryScheduleMs" : name)
                .toList());
    List<String> partition = names(PartitionStatus.class);
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
                + "\"buffered\":5,\"bufferedBytes\":6000,\"inFlight\":1,\"waiting\":2,\"deadLettering\":3,\"blocked\":4,"
                + "\"pauseReasons\":[\"USER\",\"PARTITION_FULL\"]}");
  }

  @Test
  void shouldWriteNullForWhatIsNotKnown() throws Exception {
    JsonNode json = parse(status("orders", Optional.empty()));

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

  private static Status status(String name, Optional<String> failure) {
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
        List.of(Duration.ofSeconds(1), Duration.ofMillis(2500)));
  }
}
