package io.github.safeconsumer.support;

import io.github.safeconsumer.localkafka.Freezer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A JVM that runs a main class and can be killed, frozen and stopped. It ends with this JVM, even
 * if this one is killed. What it prints, to standard output and to standard error, can be awaited.
 *
 * <p>One thread of this JVM reads the output; it and all others meet at the monitor of the list of
 * lines.
 */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean outputEnded;
  private Optional<Freezer> freezer = Optional.empty();

  private ChildJvm(Process process) {
    this.process = process;
    Thread reader = new Thread(this::readLines, "child-jvm-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a child with the class path of this JVM. */
  public static ChildJvm start(Class<?> main, String... args) {
    return start(System.getProperty("java.class.path"), List.of(), main.getName(), args);
  }

  /**
   * Starts a child.
   *
   * @param classPath jars and directories joined by {@link File#pathSeparator}; the directory of
   *     the test classes, though not what the tests depend on, is added at the end
   * @param jvmFlags such as {@code -Xmx128m}
   * @param mainClass may be a test class
   */
  public static ChildJvm start(
      String classPath, List<String> jvmFlags, String mainClass, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", classPath + File.pathSeparator + testClasses()));
    command.addAll(List.of(ChildMain.class.getName(), mainClass));
    command.addAll(List.of(args));
    try {
      return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + mainClass, e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** All lines printed so far. */
  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** Waits for a line that contains the text; see {@link #awaitLine(Predicate, Duration)}. */
  public String awaitLine(String text, Duration bound) {
    return awaitLine(line -> line.contains(text), bound, "a line with '" + text + "'");
  }

  /**
   * Waits for a matching line and returns the first, which may have been printed before the call.
   *
   * @throws AssertionError when there is none within the bound or when the child ends without it;
   *     the message holds what was printed
   */
  public String awaitLine(Predicate<String> matching, Duration bound) {
    return awaitLine(matching, bound, "a matching line");
  }

  /**
   * Waits for the child to end by itself and returns its exit code.
   *
   * @throws AssertionError when it has not ended within the bound
   */
  public int awaitExit(Duration bound) {
    try {
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("child did not end within " + bound + printed());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Kills the child at once, as kill -9 does, and returns when it has ended. */
  public void kill() {
    freezer.ifPresent(Freezer::abandon);
    freezer = Optional.empty();
    process.destroyForcibly().onExit().join();
  }

  /** Asks the child to end, as SIGTERM does, so that its shutdown hooks run. Does not wait. */
  public void stop() {
    // Not Process.destroy(): that also closes the pipe by which the child knows that we are alive.
    process.toHandle().destroy();
  }

  /** Freezes the child, as SIGSTOP does. */
  public void freeze() {
    freezer = Optional.of(freezer.orElseGet(() -> Freezer.freeze(process.pid())));
  }

  /** Lets a frozen child go on, as SIGCONT does. */
  public void thaw() {
    freezer.ifPresent(Freezer::thaw);
    freezer = Optional.empty();
  }

  /** As {@link #kill}. */
  @Override
  public void close() {
    kill();
  }

  private String awaitLine(Predicate<String> matching, Duration bound, String wanted) {
    long end = System.nanoTime() + bound.toNanos();
    int seen = 0;
    synchronized (lines) {
      while (true) {
        for (; seen < lines.size(); seen++) {
          if (matching.test(lines.get(seen))) {
            return lines.get(seen);
          }
        }
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (outputEnded || leftMillis <= 0) {
          throw new AssertionError(
              (outputEnded ? "child ended without " : "child did not within " + bound + " print ")
                  + wanted
                  + printed());
        }
        waitForLines(leftMillis);
      }
    }
  }

  private void waitForLines(long millis) {
    try {
      lines.wait(millis);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void readLines() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException closedByKill) {
      // The lines read so far are all there is.
    }
    synchronized (lines) {
      outputEnded = true;
      lines.notifyAll();
    }
  }

  private String printed() {
    return "; it printed:\n" + String.join("\n", lines());
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for a child", e);
  }

  private static Path testClasses() {
    try {
      return Path.of(ChildMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("could not find the test classes", e);
    }
  }
}
