package io.github.safeconsumer.examples.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a broker: arguments, exit codes, and what is printed. */
class DoctorTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  private int run(String... args) {
    out.reset();
    err.reset();
    return Doctor.run(
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        new CountDownLatch(1),
        args);
  }

  private int runWith(String... more) {
    List<String> args =
        new ArrayList<>(List.of("--bootstrap", "127.0.0.1:1", "--group", "billing"));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private void refuses(String naming, String... more) {
    assertThat(runWith(more)).isEqualTo(Doctor.USAGE);
    assertThat(err.toString(UTF_8)).contains(naming, "--help");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void shouldNameTheArgumentThatIsWrong() {
    refuses("--colour", "--colour");
    refuses("--between 0", "--between", "0");
    refuses("--between", "--between", "soon");
    refuses("--config no/such/file", "--config", "no/such/file");
    refuses("--serve 70000", "--serve", "70000");
    refuses("one address", "--serve", "0", "--bind", "0.0.0.0");
    assertThat(run("--group", "billing")).isEqualTo(Doctor.USAGE);
    assertThat(err.toString(UTF_8)).contains("--bootstrap");
  }

  @Test
  void shouldNameTheSettingThatIsWrong() throws IOException {
    Path config =
        Files.writeString(directory.resolve("client.properties"), "security.protocol=TLS\n");
    refuses("security.protocol", "--config", config.toString());
  }

  @Test
  void shouldSayWhyTheClusterCannotBeReached() {
    assertThat(run("--bootstrap", "no-such-host.invalid:9092", "--group", "billing"))
        .isEqualTo(Doctor.UNAVAILABLE);
    assertThat(err.toString(UTF_8)).contains("bootstrap.servers");
  }

  @Test
  void shouldTellHelpAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(UTF_8)).contains("Exit code", "--serve", "--watch", "69");
  }

  @Test
  void shouldPrintATableThatFits() {
    List<String> lines = Table.of(Reports.stuck(Reports.AT, 1_204_000));

    assertThat(lines)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(Table.WIDTH))
        .anyMatch(line -> line.startsWith("! BLOCKED_PARTITION: "))
        .anyMatch(line -> line.startsWith("  -> look at that process"))
        .anyMatch(line -> line.startsWith("..") && line.contains("of.any.table-0"))
        .anyMatch(line -> line.startsWith("orders-0") && line.endsWith("#1"))
        .anyMatch(line -> line.contains("offset 104 (5 attempts)"));
    assertThat(Table.of(Reports.fine(Reports.AT)))
        .anyMatch(line -> line.startsWith("  NOTHING_WRONG"));
  }
}
