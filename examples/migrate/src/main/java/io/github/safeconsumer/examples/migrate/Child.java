package io.github.safeconsumer.examples.migrate;

import io.github.safeconsumer.examples.migrate.member.MemberMain;
import io.github.safeconsumer.examples.migrate.member.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A member as a process of its own, with the journal that it leaves behind. */
final class Child implements AutoCloseable {
  private static final long END_SECONDS = 60;

  /** A record by its place. */
  record Place(int partition, long offset) {}

  private final Path journal;
  private final Process process;

  private Child(Path journal, Process process) {
    this.journal = journal;
    this.process = process;
  }

  static Child start(Kind kind, Spec spec, Path directory) throws IOException {
    Path journal =
        Files.createTempFile(directory, spec.group() + "-" + kind.label() + "-", ".journal");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            kind.classPath().orElseThrow(),
            MemberMain.class.getName(),
            kind.member(),
            spec.bootstrapServers(),
            spec.topic(),
            spec.group(),
            journal.toString());
    Path log = Path.of(journal.toString().replace(".journal", ".log"));
    return new Child(
        journal, builder.redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  /** What it has handled so far, in its order; a place twice where it was handled twice. */
  List<Place> handled() throws IOException {
    if (!process.isAlive() && process.exitValue() == 1) {
      throw new IllegalStateException("a member failed, see " + journal + " and the log beside it");
    }
    String text = Files.readString(journal);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Child::place).toList();
  }

  private static Place place(String line) {
    int space = line.indexOf(' ');
    return new Place(
        Integer.parseInt(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
  }

  /** Lets it end in the orderly way of its library. */
  void end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("did not end within " + END_SECONDS + " s: " + journal);
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException("ended with " + process.exitValue() + ": " + journal);
    }
  }

  /** As kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Nothing outlives the example. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
