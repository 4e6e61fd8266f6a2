package io.github.safeconsumer.examples.ordersdb;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * JSON orders into a database. A record can be delivered more than once: what was done since the
 * last commit of offsets is done again after a crash. So the effect has to be idempotent, and here
 * is how to make it so. Copy this file.
 *
 * <ul>
 *   <li>The row of the order is the mark that it is done. It is inserted only if it is absent, by
 *       the order's own id; so an order that was <em>sent</em> twice counts once, too. Records
 *       without such an id: a table with (topic, partition, offset) as its key.
 *   <li>Taking goods from the stock is not idempotent. It is in the same transaction as the mark:
 *       both are there, or neither.
 *   <li>A connection for each attempt that can run: as many as {@link #CONCURRENCY}. With fewer,
 *       attempts wait for each other, and look like an outage.
 *   <li>A database that is away is at fault, not the record: an OUTAGE costs no attempts and makes
 *       no dead letters. The consumer waits with its breaker open until the database is back.
 * </ul>
 *
 * <p>Run on H2 2.5 in its PostgreSQL mode and on PostgreSQL 15. Of the SQL only {@code on conflict
 * do nothing} is not standard.
 */
final class OrderWriter {
  /** Attempts at once, and connections. */
  static final int CONCURRENCY = 8;

  record Order(String id, String customer, String item, int quantity) {}

  private OrderWriter() {}

  static SafeConsumer.Builder<String, Order> consumer(
      Map<String, ?> kafka, String topic, RecordHandler<String, Order> handler) {
    return SafeConsumer.<String, Order>builder()
        .kafka(kafka)
        .topics(topic)
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(() -> JsonDeserializer.of(Order.class)) // no JSON: a dead letter
        .ordering(Ordering.KEY) // the orders of a customer one after the other, others beside them
        .concurrency(CONCURRENCY)
        .retry(retries())
        .deadLetter(DeadLetterPolicy.suffix(".dlt").createIfMissing())
        .handler(handler);
  }

  /** The work: one transaction for each order. */
  static RecordHandler<String, Order> handler(DataSource pool) {
    return RecordHandler.of(
        (record, context) -> {
          try (Connection connection = pool.getConnection()) {
            if (insertIfAbsent(connection, record.value())) {
              takeFromStock(connection, record.value());
            }
            connection.commit();
          } // thrown before the commit: the pool rolls back what it gets back
        });
  }

  /** Whether this order is new. Another attempt on it, in any process, waits here for this one. */
  private static boolean insertIfAbsent(Connection connection, Order order) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into orders (id, customer, item, quantity) values (?, ?, ?, ?)"
                + " on conflict do nothing")) {
      insert.setString(1, order.id());
      insert.setString(2, order.customer());
      insert.setString(3, order.item());
      insert.setInt(4, order.quantity());
      return insert.executeUpdate() == 1;
    }
  }

  private static void takeFromStock(Connection connection, Order order) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("update stock set quantity = quantity - ? where item = ?")) {
      update.setInt(1, order.quantity());
      update.setString(2, order.item());
      if (update.executeUpdate() == 0) { // no retry helps; its row is rolled back
        throw new NonRetryableException("order " + order.id() + " is for an unknown item");
      }
    }
  }

  /** What a failure means. The codes are for drivers that throw a plain SQLException. */
  static RetryPolicy retries() {
    return RetryPolicy.defaults()
        .on(
            FailureAction.OUTAGE,
            SQLTransientConnectionException.class, // also the pool's, when it gets no connection
            SQLNonTransientConnectionException.class)
        .on(FailureAction.OUTAGE, failure -> hasState(failure, "08", "57P")) // no connection
        .on(
            FailureAction.DEAD_LETTER,
            failure -> hasState(failure, "22", "23")); // data, constraint
  }

  private static boolean hasState(Throwable failure, String... classes) {
    if (failure instanceof SQLException sql && sql.getSQLState() != null) {
      for (String one : classes) {
        if (sql.getSQLState().startsWith(one)) {
          return true;
        }
      }
    }
    return false;
  }

  static HikariDataSource pool(String url, String schema) {
    HikariConfig settings = new HikariConfig();
    settings.setJdbcUrl(url);
    settings.setSchema(schema);
    settings.setAutoCommit(false);
    settings.setMaximumPoolSize(CONCURRENCY);
    settings.setConnectionTimeout(1_000); // without a database an attempt ends after a second
    return new HikariDataSource(settings);
  }
}
