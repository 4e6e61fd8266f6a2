package io.github.safeconsumer.examples.faults;

import io.github.safeconsumer.localkafka.LocalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Meets the faults one after the other and prints a table. Exit codes: 0 when SafeConsumer came to
 * what is expected in each, 1 when it did not, 2 for arguments that mean nothing.
 */
public final class Faults {
  private static final int CLEAN = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final Arguments arguments;
  private final Path directory;

  private Faults(Arguments arguments, Path directory) {
    this.arguments = arguments;
    this.directory = directory;
  }

  /** Takes {@code [--short] [--only NAME,...] [--json FILE]}. */
  public static void main(String[] args) throws Exception {
    Arguments arguments;
    try {
      arguments = Arguments.parse(List.of(args));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(USAGE);
      return;
    }
    System.exit(new Faults(arguments, emptyDirectory()).run() ? CLEAN : FAILED);
  }

  /** Beside the log, so that what members wrote can be looked at. */
  private static Path emptyDirectory() throws IOException {
    String log = System.getProperty("org.slf4j.simpleLogger.logFile");
    if (log == null) {
      return Files.createTempDirectory("faults");
    }
    Path directory = Files.createDirectories(Path.of(log).resolveSibling("members"));
    try (Stream<Path> old = Files.list(directory)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    return directory;
  }

  private boolean run() throws Exception {
    long start = System.nanoTime();
    List<Row> rows = new ArrayList<>();
    try (LocalKafka kafka = LocalKafka.start(1);
        Broker broker = new Broker(kafka.bootstrapServers())) {
      say(
          "A Kafka broker runs in a JVM of its own; so does each member. Seed %d.%n",
          arguments.seed());
      say("%s", Report.head());
      new Meetings(arguments, broker, directory)
          .each(
              row -> {
                rows.add(row);
                say("%s", Report.line(row));
              });
    }
    say("");
    Report.FOOTER.forEach(line -> say("%s", line));
    boolean passed = verdict(rows);
    arguments.json().ifPresent(file -> Json.write(file, arguments, rows));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    say("It took %d min %d s.", took.toMinutes(), took.toSecondsPart());
    return passed;
  }

  private static boolean verdict(List<Row> rows) {
    List<Row> failed = rows.stream().filter(row -> !row.violations().isEmpty()).toList();
    long faults = rows.stream().filter(row -> row.side() == Side.SAFE).count();
    say("%nSafeConsumer: as expected in %d of %d faults", faults - failed.size(), faults);
    failed.forEach(
        row -> say("  FAILED  %s: %s", row.fault(), String.join("; ", row.violations())));
    return failed.isEmpty();
  }

  private static void say(String pattern, Object... values) {
    System.out.println(String.format(Locale.ROOT, pattern, values));
  }
}
