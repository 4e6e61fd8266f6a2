package io.github.safeconsumer.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the values of all meters of a consumer come from: one look at it, about once a second and
 * only when somebody asks.
 *
 * <p>Concurrency: whoever asks when the sheet is old takes a new look and brings the boards up to
 * date; who comes meanwhile gets the old sheet and does not wait. So a registry may call from
 * inside its own locks. Only bind, end and close wait for their turn.
 */
final class Source {
  static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(SafeConsumerMetrics.class);

  private final Options options;
  private final LongSupplier nanos;
  private final ConsumerFigures figures = new ConsumerFigures();
  private final ReentrantLock turn = new ReentrantLock();
  private final List<Board> boards = new ArrayList<>();

  /** Null when the consumer has ended: its last sheet is kept, and it is let go. */
  private @Nullable Supplier<Look> looks;

  private boolean closed;
  private boolean complained;
  private volatile Sheet sheet = Sheet.EMPTY;
  private volatile long takenAt;
  private volatile boolean taken;

  Source(Supplier<Look> looks, Options options, LongSupplier nanos) {
    this.looks = looks;
    this.options = options;
    this.nanos = nanos;
  }

  /** NaN for what is not there (any more). */
  double value(Series series) {
    return current().value(series);
  }

  private Sheet current() {
    if (!isFresh() && turn.tryLock()) {
      try {
        refresh();
      } catch (RuntimeException e) {
        complain(e);
      } finally {
        turn.unlock();
      }
    }
    return sheet;
  }

  private boolean isFresh() {
    return taken && nanos.getAsLong() - takenAt < FRESH_NANOS;
  }

  private void refresh() {
    if (isFresh() || closed || looks == null) {
      return;
    }
    take(looks.get());
  }

  private void take(Look look) {
    Sheet next = new Sheet(options.common(look.status().name(), look.status().groupId()));
    figures.write(look, next);
    TopicFigures.write(look.status(), options.most(), next);
    PartitionFigures.write(look.status().partitions(), options, next);
    KafkaFigures.write(look.kafkaMetrics(), next);
    // First: who is called while meters are registered may ask for values.
    sheet = next;
    takenAt = nanos.getAsLong();
    taken = true;
    boards.forEach(board -> board.show(next));
  }

  /** A scrape is not to fail because one registry refuses a meter. */
  private void complain(RuntimeException e) {
    if (!complained) {
      complained = true;
      LOG.warn("metrics could not be brought up to date; this is told once", e);
    }
  }

  /**
   * Shows the meters in a registry.
   *
   * @throws IllegalStateException when another consumer of this name and group is shown there
   */
  void bind(MeterRegistry registry) {
    turn.lock();
    try {
      if (closed) {
        throw new IllegalStateException("closed: make another one by SafeConsumerMetrics.of(..)");
      }
      refresh();
      refuseDouble(registry);
      Board board = new Board(registry, this);
      boards.add(board);
      board.show(sheet);
    } finally {
      turn.unlock();
    }
  }

  private void refuseDouble(MeterRegistry registry) {
    for (Series series : sheet.series()) {
      if (series.family().equals(Figure.STATE.family())
          && registry.find(series.family().name()).tags(series.tags()).meter() != null) {
        throw new IllegalStateException(
            "the registry has meters with "
                + series.tags()
                + ": close() the SafeConsumerMetrics they belong to, or give this consumer another"
                + " name(..)");
      }
    }
  }

  /** The consumer has ended: a last look, and then it is held no more. */
  void end() {
    turn.lock();
    try {
      if (!closed && looks != null) {
        take(looks.get());
      }
    } catch (RuntimeException e) {
      complain(e);
    } finally {
      looks = null;
      turn.unlock();
    }
  }

  /** Removes all meters. */
  void close() {
    turn.lock();
    try {
      closed = true;
      looks = null;
      boards.forEach(board -> board.show(Sheet.EMPTY));
      boards.clear();
      sheet = Sheet.EMPTY;
    } finally {
      turn.unlock();
    }
  }
}
