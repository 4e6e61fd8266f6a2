package io.github.safeconsumer.localkafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One node: its process while it runs, and its log over all its runs. */
final class BrokerNode {
  /** Logged last in a start, after the controller has let the node serve clients. */
  private static final String READY = "Kafka Server started";

  private static final Duration POLL_INTERVAL = Duration.ofMillis(25);

  private final int node;
  private final ClusterLayout layout;
  private final BrokerLog log;
  private final List<String> command;

  private volatile Process process;
  private volatile Freezer freezer;
  private volatile int startOfRun;

  BrokerNode(int node, ClusterLayout layout, BrokerClassPath classPath, List<String> jvmFlags) {
    this.node = node;
    this.layout = layout;
    this.log = new BrokerLog(layout.logFile(node));
    this.command = command(classPath, jvmFlags);
  }

  BrokerLog log() {
    return log;
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  long pid() {
    if (!isAlive()) {
      throw new IllegalStateException(name() + " is not running: restart it first");
    }
    return process.pid();
  }

  void launch() {
    if (isAlive()) {
      throw new IllegalStateException(name() + " runs already: stop or kill it first");
    }
    startOfRun = log.size();
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + name(), e);
    }
  }

  void awaitReady(Duration bound) {
    long start = System.nanoTime();
    while (!log.since(startOfRun).contains(READY)) {
      if (endedWithin(POLL_INTERVAL)) {
        throw failure("ended with exit code " + process.exitValue() + " while it started");
      }
      if (System.nanoTime() - start > bound.toNanos()) {
        throw failure("was not ready within " + bound.toSeconds() + " s");
      }
    }
  }

  void kill() {
    if (process == null) {
      return;
    }
    if (freezer != null) {
      freezer.abandon();
      freezer = null;
    }
    process.destroyForcibly();
    // Not to be interrupted: a test that is given up must still end its nodes.
    process.onExit().join();
  }

  void stop(Duration bound) {
    thaw();
    // Not Process.destroy(): that also closes the pipe by which the node knows that we are alive.
    process.toHandle().destroy();
    if (!endedWithin(bound)) {
      kill();
    }
  }

  void freeze() {
    if (freezer == null) {
      freezer = Freezer.freeze(pid());
    }
  }

  void thaw() {
    if (freezer != null) {
      freezer.thaw();
      freezer = null;
    }
  }

  private boolean endedWithin(Duration bound) {
    try {
      return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + name(), e);
    }
  }

  private IllegalStateException failure(String what) {
    return new IllegalStateException(name() + " " + what + ". The end of its log:\n" + log.tail());
  }

  private String name() {
    return "node " + node;
  }

  private List<String> command(BrokerClassPath classPath, List<String> jvmFlags) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Native libraries unpack themselves here, so that they go with the rest of the data.
    words.add("-Djava.io.tmpdir=" + layout.temporaryDirectory(node));
    words.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
    words.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");
    words.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    words.add("-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info");
    words.addAll(jvmFlags);
    words.addAll(List.of("-cp", classPath.value(), BrokerMain.class.getName()));
    words.add(layout.propertiesFile(node).toString());
    words.add(layout.clusterId());
    words.add(layout.directory().toString());
    return List.copyOf(words);
  }
}
