package io.github.safeconsumer.examples.faults;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Has each fault met by both sides, one fault after the other. In the full run one side is over
 * before the other begins. In the short one both run at once, and meanwhile the members that meet
 * the next fault start: that saves minutes, and costs some of the CPU that is measured by.
 */
final class Meetings {
  private final Arguments arguments;
  private final Broker broker;
  private final Path directory;

  Meetings(Arguments arguments, Broker broker, Path directory) {
    this.arguments = arguments;
    this.broker = broker;
    this.directory = directory;
  }

  void each(Consumer<Row> report) throws InterruptedException, ExecutionException {
    if (arguments.scale().hurried()) {
      overlapping(report);
    } else {
      inTurn(report);
    }
  }

  private void inTurn(Consumer<Row> report) throws InterruptedException, ExecutionException {
    for (Fault fault : arguments.faults()) {
      for (Side side : Side.values()) {
        report.accept(begin(() -> run(prepare(fault, side))).get());
      }
    }
  }

  private void overlapping(Consumer<Row> report) throws InterruptedException, ExecutionException {
    Iterator<Fault> faults = arguments.faults().iterator();
    List<FutureTask<SideRun>> next = prepareBoth(faults.next());
    while (!next.isEmpty()) {
      SideRun naive = next.get(0).get();
      SideRun safe = next.get(1).get();
      next = faults.hasNext() ? prepareBoth(faults.next()) : List.of();
      FutureTask<Row> ofNaive = begin(() -> run(naive));
      FutureTask<Row> ofSafe = begin(() -> run(safe));
      report.accept(ofNaive.get());
      report.accept(ofSafe.get());
    }
  }

  private List<FutureTask<SideRun>> prepareBoth(Fault fault) {
    return List.of(begin(() -> prepare(fault, Side.NAIVE)), begin(() -> prepare(fault, Side.SAFE)));
  }

  private SideRun prepare(Fault fault, Side side) throws Exception {
    SideRun run = new SideRun(fault, side, broker, directory);
    try {
      return run.prepare();
    } catch (Exception e) {
      run.close();
      throw e;
    }
  }

  private static Row run(SideRun prepared) throws Exception {
    try (prepared) {
      return prepared.run();
    }
  }

  private static <T> FutureTask<T> begin(Callable<T> what) {
    FutureTask<T> task = new FutureTask<>(what);
    Thread thread = new Thread(task, "meeting");
    thread.setDaemon(true);
    thread.start();
    return task;
  }
}
