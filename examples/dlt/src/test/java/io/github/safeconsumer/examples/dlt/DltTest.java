package io.github.safeconsumer.examples.dlt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.DeadLetters.Listing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Without a broker: arguments, exit codes, and what is printed. */
class DltTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--bootstrap", "127.0.0.1:1"));
    args.addAll(List.of("--topic", "orders.dlt"));
    args.addAll(List.of(more));
    return Dlt.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  private void refuses(String naming, String command, String... more) {
    err.reset();
    assertThat(run(command, more)).isEqualTo(Dlt.USAGE);
    assertThat(err.toString(UTF_8))
        .contains(naming, "usage: examples/run dlt", "--help tells more");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void shouldNameTheFlagThatIsWrong() {
    refuses("there is no command 'lst'", "lst");
    refuses("list has no --dry-run", "list", "--dry-run");
    refuses("--limit ten", "list", "--limit", "ten");
    refuses("--since yesterday", "list", "--since", "yesterday");
    refuses("--reason tired", "list", "--reason", "tired");
    refuses("--offsets 9-3", "list", "--offsets", "9-3");
    refuses("Expected parameter for option '--exception'", "list", "--exception", "--json");
    refuses(
        "'--group' (GROUP) should be specified only once", "list", "--group", "a", "--group", "b");
    refuses("either --at", "show");
    refuses("--at 3", "show", "--at", "3");
    refuses("Missing required option: '--id=NAME'", "replay");
    refuses("--id=\"a b\"", "replay", "--id", "a b");
    refuses("--rate 0", "replay", "--id", "a", "--rate", "0");
    refuses("--config", "list", "--config", "no/such/file");
    refuses("orders.dlt", "replay", "--id", "a", "--to", "orders.dlt");
  }

  @Test
  void shouldNeedBrokersAndTopic() {
    PrintStream errors = new PrintStream(err, true, UTF_8);
    assertThat(Dlt.run(List.of("list", "--topic", "t"), errors, errors)).isEqualTo(Dlt.USAGE);
    assertThat(err.toString(UTF_8)).contains("Missing required option: '--bootstrap=HOST:PORT'");
  }

  @Test
  void shouldTellHelpAndExitCodes() {
    assertThat(run("replay", "--help")).isZero();
    assertThat(out.toString(UTF_8))
        .contains("Exit code", "--dry-run", "--exception", "examples/run dlt replay");
    out.reset();
    PrintStream printed = new PrintStream(out, true, UTF_8);
    assertThat(Dlt.run(List.of("--help"), printed, printed)).isZero();
    assertThat(out.toString(UTF_8)).contains("Exit code", "list", "show", "replay", "demo");
    assertThat(Dlt.run(List.of(), printed, printed)).isEqualTo(Dlt.USAGE);
    assertThat(out.toString(UTF_8)).contains("no command: list, show, replay or demo");
  }

  @Test
  void shouldShowNothingOfTheRecordUnlessAsked() {
    Listing listing = new Listing(List.of(entry()), 1, 3, 2);

    List<String> hidden = new ArrayList<>(Text.of(listing, false));
    hidden.addAll(Text.of(entry(), false));
    hidden.add(Json.of(listing, false));
    assertThat(String.join("\n", hidden))
        .contains("0@7", "orders-3@41", "exhausted", "IllegalStateException", "2 of them no dead")
        .doesNotContain("secret");
    assertThat(String.join("\n", Text.of(entry(), true)))
        .contains("secret key", "secret value?[31m", "secret message");
    assertThat(Json.of(entry(), true)).contains("secret message", "valueBase64");
  }

  private static Entry entry() {
    Instant time = Instant.parse("2026-03-01T10:00:00Z");
    return new Entry(
        new TopicPartition("orders.dlt", 0),
        7,
        time,
        new DeadLetter(
            "id-1",
            new TopicPartition("orders", 3),
            41,
            0,
            TimestampType.CREATE_TIME,
            Optional.empty(),
            Optional.empty(),
            "secret key".getBytes(UTF_8),
            "secret value\u001b[31m".getBytes(UTF_8),
            List.of(),
            "billing",
            "billing-1",
            "host-1",
            DeadLetter.Reason.EXHAUSTED,
            "java.lang.IllegalStateException",
            "secret message",
            "java.lang.IllegalStateException\n\tat a.b\n",
            4,
            time,
            time,
            "1",
            Optional.empty(),
            Map.of()));
  }
}
