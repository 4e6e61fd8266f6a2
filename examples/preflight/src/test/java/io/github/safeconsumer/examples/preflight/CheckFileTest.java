package io.github.safeconsumer.examples.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real file in; exit code and text out. */
class CheckFileTest {
  private static final Path SAMPLE = Path.of("orders.properties");
  private static final String QUIET =
      """
      enable.auto.commit=false
      partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor
      """;

  @TempDir private Path directory;

  private String out = "";
  private String err = "";

  private int run(String... args) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int code =
        CheckFile.run(
            List.of(args),
            new PrintStream(outBytes, true, StandardCharsets.UTF_8),
            new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  private String file(String content) throws IOException {
    return Files.writeString(directory.resolve("x.properties"), content).toString();
  }

  @Test
  void shouldNameTheWellKnownTrapInTheSampleFile() {
    assertThat(run(SAMPLE.toString(), "--latency", "120ms")).isEqualTo(2);

    assertThat(err).isEmpty();
    assertThat(out)
        .contains("max.poll.interval.ms  30000\n")
        .contains("max.poll.records      500 (default)")
        .contains("window for work       0.7 x 30 s = 21 s")
        .contains(
            "500 records x 120 ms = 60 s, over 0.7 x 30 s = 21 s: use max.poll.records <= 175, or")
        .contains("interval needed       85715 ms for 500 records")
        .contains("latency tolerated     42 ms a record for 500 records")
        .contains("UNSAFE    max.poll.records=500 (default)")
        .contains("Fix: use max.poll.records <= 175, or max.poll.interval.ms >= 85715")
        .contains("not safe to run like this");
    assertThat(out.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  @Test
  void shouldEndWithTheCodeOfTheWorstFinding() throws IOException {
    assertThat(run(file(QUIET), "--latency", "10ms")).isZero();
    assertThat(out).contains("0 unsafe, 0 warnings, 0 for advice: safe");
    assertThat(run(file(""), "--latency", "10ms")).isZero();
    assertThat(out).contains("ADVICE    enable.auto.commit=true (default)");
    assertThat(run(file(QUIET + "fetch.max.wait.ms=40000"), "--latency", "10ms")).isEqualTo(1);
    assertThat(out).contains("WARNING   fetch.max.wait.ms=40000").contains("0 unsafe, 1 warning,");
    assertThat(run(file(QUIET + "max.poll.records=lots"), "--latency", "10ms")).isEqualTo(2);
    assertThat(out).contains("UNSAFE    max.poll.records=lots").contains("500 (default)");
  }

  @Test
  void shouldReckonWithConcurrencyToo() throws IOException {
    run(SAMPLE.toString(), "--latency", "0.12s", "--concurrency", "4", "--ordering", "key");
    assertThat(out)
        .contains("With SafeConsumer, concurrency 4, ordering KEY:")
        .contains("500 records x 120 ms / 4 at once = 15 s, within 0.7 x 30 s = 21 s");
  }

  @Test
  void shouldShowNoSecret() throws IOException {
    run(
        file("sasl.jaas.config=hunter2\nsasl.pasword=hunter2\nmax.poll.records=0"),
        "--latency",
        "1s");
    assertThat(out).isNotEmpty().doesNotContain("hunter2");
  }

  @Test
  void shouldHelp() {
    assertThat(run("--help")).isZero();
    assertThat(out)
        .startsWith("Usage: examples/run preflight ")
        .contains("--latency=TIME", "FILE", "Exit code");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "FILE",
        "FILE --latency",
        "FILE --latency 120",
        "FILE --latency fast",
        "FILE --latency -1s",
        "FILE --latency 0ms",
        "FILE --latency 25h",
        "--latency 1s",
        "FILE FILE --latency 1s",
        "FILE --latency 1s --concurrency 0",
        "FILE --latency 1s --concurrency many",
        "FILE --latency 1s --ordering random",
        "FILE --latency 1s --colour",
        "missing.properties --latency 1s",
        ". --latency 1s"
      })
  void shouldRefuseWhatMeansNothing(String line) {
    String[] args =
        line.isEmpty() ? new String[0] : line.replace("FILE", SAMPLE.toString()).split(" ");

    assertThat(run(args)).isEqualTo(64);
    assertThat(out).isEmpty();
    assertThat(err)
        .startsWith("preflight: ")
        .contains("usage: examples/run preflight ", "--help tells more");
  }

  @Test
  void shouldRefuseAFileThatIsNoPropertiesFile() throws IOException {
    assertThat(run(file("a=\\u12"), "--latency", "1s")).isEqualTo(64);
    assertThat(err).contains("as a properties file");
  }
}
