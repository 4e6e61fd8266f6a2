package io.github.safeconsumer.budget;

import io.github.safeconsumer.Ordering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Latencies by orderings, with a poll interval of 6 s and up to 500 records a poll: the group is
 * never troubled, and what is admitted stays within the budget, without a price in throughput.
 *
 * <p>{@code -Dsafeconsumer.budget.seconds=60} lets each cell run for so long.
 */
@Timeout(900)
class LiveAdmissionIT {
  private static final int SECONDS = Integer.getInteger("safeconsumer.budget.seconds", 6);
  private static final Path TABLE = Path.of("target", "budget", "table.txt");
  private static final List<Row> ROWS = new CopyOnWriteArrayList<>();

  @Test
  void shouldTroubleNobodyAndWasteNoTimeWhenRecordsAreSlow() throws Exception {
    run(Latency.MS_120, Latency.MS_1000, Latency.JUMP);
  }

  @Test
  void shouldTroubleNobodyAndWasteNoTimeWhenFewRecordsAreSlow() throws Exception {
    run(Latency.MS_10, Latency.HEAVY_TAIL);
  }

  @Test
  void shouldTroubleNobodyWhenRecordsAreFast() throws Exception {
    run(Latency.MS_1);
  }

  @AfterAll
  static void print() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(Row.HEAD);
    ROWS.stream().sorted(Comparator.comparing(Row::latency)).map(Row::toString).forEach(lines::add);
    Files.createDirectories(TABLE.getParent());
    Files.write(TABLE, lines);
    lines.forEach(line -> System.out.println("TABLE " + line));
  }

  /** All orderings of these at the same time: they mostly sleep. */
  private static void run(Latency... latencies) throws Exception {
    List<Cell> cells = new ArrayList<>();
    for (Latency latency : latencies) {
      for (Ordering ordering : Cell.orderings()) {
        cells.add(new Cell(latency, ordering, SECONDS).fill());
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(cells.size());
    try {
      List<Future<Row>> running = cells.stream().map(cell -> threads.submit(cell::run)).toList();
      List<Row> rows = new ArrayList<>();
      for (Future<Row> one : running) {
        rows.add(one.get());
      }
      ROWS.addAll(rows);
      rows.forEach(Row::check);
    } finally {
      threads.shutdownNow();
    }
  }
}
