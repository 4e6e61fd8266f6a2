package io.github.safeconsumer.examples.migrate;

import io.github.safeconsumer.localkafka.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Each peer, there and back, in each way. */
public final class Main {
  private static final List<Kind> PEERS = List.of(Kind.PLAIN, Kind.SPRING, Kind.PARALLEL);

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      System.err.println("usage: examples/run migrate");
      System.exit(64);
    }
    Path directory =
        Files.createDirectories(
            Path.of(System.getProperty("examples.target", "target")).resolve("members"));
    System.exit(run(Files.createTempDirectory(directory, "run-")) ? 0 : 1);
  }

  private static boolean run(Path directory) throws Exception {
    boolean holds = true;
    ExecutorService lanes = Executors.newFixedThreadPool(PEERS.size());
    try (Sandbox sandbox = Sandbox.start()) {
      List<Future<List<Migration.Result>>> all = new ArrayList<>();
      for (Kind peer : PEERS) {
        if (peer.classPath().isEmpty()) {
          System.out.println(peer.title() + " is not built: left out");
          continue;
        }
        for (Migration.Way way : Migration.Way.values()) {
          sandbox.topic(Lanes.topic(peer, way), Feed.PARTITIONS);
        }
        all.add(lanes.submit(() -> all(new Lanes(sandbox, directory), peer)));
      }
      System.out.printf(
          "%-18s %-15s %7s %18s %5s %7s %12s %9s%n",
          "there and back",
          "way",
          "records",
          "handled by each",
          "lost",
          "twice",
          "uncommitted",
          "notes");
      for (Future<List<Migration.Result>> lane : all) {
        for (Migration.Result one : lane.get()) {
          print(one);
          holds &= one.holds();
        }
      }
    } finally {
      lanes.shutdownNow();
    }
    System.out.println(
        holds
            ? "nothing lost, everything committed, nothing repeated that was committed"
            : "FAILED, see " + directory);
    return holds;
  }

  private static List<Migration.Result> all(Lanes lanes, Kind peer) throws Exception {
    List<Migration.Result> results = new ArrayList<>();
    for (Migration.Way way : Migration.Way.values()) {
      results.add(lanes.run(peer, way));
    }
    return results;
  }

  private static void print(Migration.Result one) {
    System.out.printf(
        "%-18s %-15s %7d %18s %5d %7s %12s %9s%s%n",
        one.peer().title(),
        one.way().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
        one.records(),
        sum(one.shares()),
        one.lost(),
        sum(one.twice()),
        one.uncommitted().isEmpty() ? "-" : sum(one.uncommitted()),
        one.notes().stream().map(has -> has ? "yes" : "no").collect(Collectors.joining(",")),
        one.holds() ? "" : "  FAILED");
  }

  private static String sum(List<? extends Number> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining("+"));
  }
}
