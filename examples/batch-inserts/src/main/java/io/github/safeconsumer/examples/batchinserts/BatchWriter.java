package io.github.safeconsumer.examples.batchinserts;

import io.github.safeconsumer.BatchContext;
import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Readings of sensors into a table, a batch of records at a time. Copy this file.
 *
 * <ul>
 *   <li>One transaction for up to 500 rows. A bad row is told by the driver, and passed on with
 *       {@link BatchContext#fail}: it becomes a dead letter, the rows beside it are committed.
 *   <li>A driver that cannot tell (PostgreSQL's undoes the whole batch): let the exception through.
 *       Nothing of the batch is done then, and its records come again one by one.
 *   <li>{@code UNORDERED}, since readings do not depend on each other. With an order, the records
 *       that have to stay behind a failed one are sent back and come again, inserted or not.
 *   <li>{@code on conflict do nothing}, by the id of the reading: after a crash records come again.
 *   <li>Bad data is a dead letter at once: no retry makes a text shorter.
 * </ul>
 *
 * <p>Run on H2 2.5, which goes on behind a bad row, and on PostgreSQL 15, which undoes the batch.
 */
final class BatchWriter {
  /** Batches at once; the pool has to hold as many connections. */
  static final int CONCURRENCY = 2;

  record Reading(String id, String sensor, double celsius) {}

  private BatchWriter() {}

  static SafeConsumer.Builder<String, Reading> consumer(
      Map<String, ?> kafka, BatchPolicy policy, BatchHandler<String, Reading> handler) {
    return SafeConsumer.<String, Reading>builder()
        .kafka(kafka)
        .topics("readings")
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(() -> JsonDeserializer.of(Reading.class))
        .ordering(Ordering.UNORDERED)
        .concurrency(CONCURRENCY)
        .retry(RetryPolicy.defaults().on(FailureAction.DEAD_LETTER, BatchWriter::isBadData))
        .deadLetter(DeadLetterPolicy.suffix(".dlt").createIfMissing())
        .batchHandler(handler, policy);
  }

  /** 500 rows, or what has come 20 ms after the first of them. */
  static BatchPolicy batches() {
    return BatchPolicy.of(500).linger(Duration.ofMillis(20));
  }

  static BatchHandler<String, Reading> handler(DataSource pool) {
    return BatchHandler.of(
        (records, context) -> {
          try (Connection connection = pool.getConnection(); // auto-commit is off
              PreparedStatement insert =
                  connection.prepareStatement(
                      "insert into readings (id, sensor, celsius) values (?, ?, ?)"
                          + " on conflict do nothing")) {
            for (ConsumerRecord<String, Reading> record : records) {
              insert.setString(1, record.value().id());
              insert.setString(2, record.value().sensor());
              insert.setDouble(3, record.value().celsius());
              insert.addBatch();
            }
            try {
              insert.executeBatch();
            } catch (BatchUpdateException failed) {
              failBadRows(failed, records.size(), context);
            }
            connection.commit();
          }
        });
  }

  /**
   * Tells the bad rows apart, where the driver went on behind them: it has a count for each row
   * then, and a cause for each that failed, in the same order.
   */
  private static void failBadRows(BatchUpdateException failed, int rows, BatchContext context)
      throws BatchUpdateException {
    int[] counts = failed.getUpdateCounts();
    boolean wentOn = counts.length == rows && Arrays.stream(counts).anyMatch(BatchWriter::isDone);
    if (!wentOn) {
      throw failed;
    }
    SQLException cause = failed.getNextException();
    for (int i = 0; i < rows; i++) {
      if (!isDone(counts[i])) {
        context.fail(i, cause == null ? failed : cause);
        cause = cause == null ? null : cause.getNextException();
      }
    }
  }

  private static boolean isDone(int count) {
    return count != Statement.EXECUTE_FAILED;
  }

  /** SQL says so with the first two characters of its codes: 22 is data, 23 a constraint. */
  private static boolean isBadData(Throwable failure) {
    return failure instanceof SQLException sql
        && sql.getSQLState() != null
        && (sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23"));
  }
}
