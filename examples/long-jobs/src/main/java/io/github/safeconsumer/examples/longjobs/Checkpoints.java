package io.github.safeconsumer.examples.longjobs;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The last step of each job that was done. Here a file for each job; with several processes a table
 * that all of them see:
 *
 * <pre>update checkpoint set step = ?, generation = ? where job = ? and generation &lt;= ?</pre>
 *
 * <p>The generation of the group fences: a member that has lost the job and does not know it yet
 * cannot overwrite what its next owner wrote.
 */
final class Checkpoints {
  private record Checkpoint(int step, int generation) {}

  private final Path directory;

  Checkpoints(Path directory) {
    this.directory = directory;
  }

  /** 0 for a job that has not begun. */
  int lastStep(String job) throws IOException {
    return read(job).step();
  }

  synchronized void save(String job, int step, int generation) throws IOException {
    if (generation < read(job).generation()) {
      throw new IllegalStateException(job + " is another member's by now");
    }
    Path next = Files.createTempFile(directory, job, ".next");
    // No channel: an interrupt would close it and leave the step that is done without its mark.
    try (OutputStream file = new FileOutputStream(next.toFile())) {
      file.write((step + " " + generation).getBytes(StandardCharsets.UTF_8));
    }
    Files.move(next, directory.resolve(job), StandardCopyOption.ATOMIC_MOVE);
  }

  private Checkpoint read(String job) throws IOException {
    Path file = directory.resolve(job);
    if (!Files.exists(file)) {
      return new Checkpoint(0, 0);
    }
    String[] parts = Files.readString(file).split(" ");
    return new Checkpoint(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }
}
