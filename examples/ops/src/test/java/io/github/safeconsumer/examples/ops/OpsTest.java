package io.github.safeconsumer.examples.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.localkafka.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree of commands, and one pass of each on a broker. */
@Timeout(180)
class OpsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String line) {
    out.reset();
    err.reset();
    return Ops.run(
        line.isEmpty() ? List.of() : List.of(line.split(" ")),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        new CountDownLatch(1));
  }

  private String out() {
    return out.toString(UTF_8);
  }

  private String err() {
    return err.toString(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "doctor",
        "preflight",
        "dlt",
        "dlt list",
        "dlt show",
        "dlt replay",
        "dlt demo",
        "completion"
      })
  void shouldTellHowEachIsUsed(String command) {
    assertThat(run((command + " --help").strip())).isZero();
    assertThat(out()).startsWith(("Usage: examples/run ops " + command).strip());
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "doctor, --bootstrap x:1 --group g",
    "preflight, file --latency 1s",
    "dlt, ''",
    "dlt list, --bootstrap x:1 --topic t",
    "dlt show, --bootstrap x:1 --topic t",
    "dlt replay, --bootstrap x:1 --topic t --id i",
    "dlt demo, ''",
    "completion, ''"
  })
  void shouldRefuseAFlagThatThereIsNotAndTellTheUsage(String command, String needed) {
    String line = String.join(" ", command, needed, "--colour").strip().replaceAll(" +", " ");
    assertThat(run(line)).isEqualTo(64);
    assertThat(err())
        .contains("--colour", ("usage: examples/run ops " + command).strip(), "--help tells more");
    assertThat(out()).isEmpty();
  }

  @Test
  void shouldTellWhatThereIsVersionsAndCompletion() {
    assertThat(run("")).isZero();
    assertThat(out()).contains("doctor", "preflight", "dlt", "completion", "64");
    assertThat(run("--version")).isZero();
    assertThat(out()).contains("safe-consumer ", "java 17").doesNotContain("null");
    assertThat(run("completion")).isZero();
    assertThat(out()).contains("_complete_ops", "replay", "--dry-run");
    assertThat(run("mend")).isEqualTo(64);
    assertThat(err()).contains("mend");
  }

  @Test
  void shouldJudgeAFile() {
    String file = "../preflight/orders.properties";
    assertThat(run("preflight " + file + " --latency 120ms")).isEqualTo(2);
    assertThat(out()).contains("UNSAFE    max.poll.records=500");
  }

  @Test
  void shouldLookAtAGroupAndSendItsDeadLettersOn() {
    try (Sandbox sandbox = Sandbox.start()) {
      sandbox.topic("orders", 1).topic("orders.dlt", 1);
      sandbox.send("orders", "a", "order 1");
      try (SafeConsumer<String, String> consumer = refusing(sandbox.bootstrapServers())) {
        consumer.start();
        sandbox.read("orders.dlt", 1);
      }
      String there = " --bootstrap " + sandbox.bootstrapServers();
      assertThat(run("doctor --group billing --json" + there)).as(err()).isBetween(0, 1);
      assertThat(out()).startsWith("{").contains("\"billing\"", "\"orders\"");

      String letters = there + " --topic orders.dlt";
      assertThat(run("dlt list" + letters)).as(err()).isZero();
      assertThat(out()).contains("0@0", "orders-0@0", "non-retryable");
      assertThat(run("dlt show --at 0@0" + letters)).isZero();
      assertThat(out()).contains("group      billing");
      assertThat(run("dlt show --at 0@9" + letters)).isEqualTo(1);
      assertThat(run("dlt replay --id mended" + letters)).as(err()).isZero();
      assertThat(sandbox.read("orders", 2).get(1).value()).isEqualTo("order 1");
    }
  }

  @Test
  void shouldSayThatTheClusterDoesNotAnswer() {
    assertThat(run("doctor --group billing --bootstrap no-such-host.invalid:9092")).isEqualTo(69);
    assertThat(err()).contains("doctor: ");
  }

  private static SafeConsumer<String, String> refusing(String bootstrapServers) {
    return SafeConsumer.<String, String>builder()
        .kafka(Map.of("bootstrap.servers", bootstrapServers, "group.id", "billing"))
        .topics("orders")
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .deadLetter(DeadLetterPolicy.suffix(".dlt"))
        .handler(
            RecordHandler.of(
                (record, context) -> {
                  throw new NonRetryableException("no such customer");
                }))
        .build();
  }
}
