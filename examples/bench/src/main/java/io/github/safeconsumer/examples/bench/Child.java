package io.github.safeconsumer.examples.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.safeconsumer.examples.bench.subject.Answer;
import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.SubjectMain;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The JVM of one subject. It lives through all rounds of a scenario and is idle between its runs.
 */
final class Child implements AutoCloseable {
  /** The same for all. */
  static final List<String> JVM_FLAGS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");

  private static final int LOG_LINES = 15;
  private static final long START_MILLIS = 30_000;
  private static final String END = "";

  private final ObjectMapper json = new ObjectMapper();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final String name;
  private final Path log;
  private final Process process;
  private final BufferedWriter in;

  Child(String name, String classPath, Path log) {
    this.name = name;
    this.log = log;
    try {
      process =
          new ProcessBuilder(command(classPath))
              .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("could not start a JVM for " + name, e);
    }
    in = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "answers of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  private static List<String> command(String classPath) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(JVM_FLAGS);
    words.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    words.addAll(List.of("-cp", classPath, SubjectMain.class.getName()));
    return words;
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        answers.add(line);
      }
    } catch (IOException e) {
      // The process has been killed.
    } finally {
      answers.add(END);
    }
  }

  /** The first run would count the start of the JVM otherwise. */
  void awaitReady() throws ChildFailure, InterruptedException {
    await(Answer.What.READY, START_MILLIS);
  }

  void run(RunSpec spec) throws ChildFailure {
    say(write(spec));
  }

  /** Ends the subject of the run. */
  void finish() throws ChildFailure {
    say("close");
  }

  private String write(RunSpec spec) {
    try {
      return json.writeValueAsString(spec);
    } catch (IOException e) {
      throw new UncheckedIOException("a run cannot be written", e);
    }
  }

  private void say(String line) throws ChildFailure {
    try {
      in.write(line + "\n");
      in.flush();
    } catch (IOException e) {
      throw failure("cannot be reached any more");
    }
  }

  /** Waits for the answer that comes next. */
  Answer await(Answer.What wanted, long timeoutMillis) throws ChildFailure, InterruptedException {
    String line = answers.poll(timeoutMillis, TimeUnit.MILLISECONDS);
    if (line == null) {
      throw failure("did not answer " + wanted + " within " + timeoutMillis / 1_000 + " s");
    }
    if (line.equals(END)) {
      answers.add(END);
      process.waitFor(5, TimeUnit.SECONDS);
      throw failure(
          "ended in mid-run" + (process.isAlive() ? "" : ", exit code " + process.exitValue()));
    }
    Answer answer = parse(line);
    if (answer.what() == Answer.What.FAILED) {
      throw failure("failed: " + answer.error().strip());
    }
    if (answer.what() != wanted) {
      throw failure("answered " + answer.what() + " instead of " + wanted);
    }
    return answer;
  }

  private Answer parse(String line) throws ChildFailure {
    try {
      return json.readValue(line, Answer.class);
    } catch (IOException e) {
      throw failure("said what nobody understands: " + line);
    }
  }

  /** A failure with the end of the child's log. */
  ChildFailure failure(String what) {
    return new ChildFailure(name + " " + what + "\n" + endOfLog());
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log);
      List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
      return "The end of "
          + log
          + ":"
          + (last.isEmpty() ? " (empty)" : "\n")
          + String.join("\n", last);
    } catch (IOException e) {
      return "Its log " + log + " cannot be read: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
