package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one producer of a sink: made at the first letter, replaced when it breaks.
 *
 * <p>Only the sink's thread makes and replaces it; any thread may close. Making one can take long
 * (name look-ups, logins), so close() does not wait for it: the maker publishes the producer and
 * then reads {@code closed}, the closer sets {@code closed} and then takes the producer, so at
 * least one of them sees the other and closes it.
 */
final class ProducerSlot {
  private static final Logger log = LoggerFactory.getLogger(ProducerSlot.class);

  private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;
  private final Map<String, Object> settings;
  private final Executor closer;
  private final ProducerDeadLetterSink.Waiting waiting;
  private final AtomicReference<@Nullable Producer<byte[], byte[]>> current =
      new AtomicReference<>();
  private volatile boolean closed;

  /**
   * @param closer runs each close on a thread of its own: close(Duration) of a producer is bounded
   *     only while its network thread is well
   */
  ProducerSlot(
      Function<Map<String, Object>, Producer<byte[], byte[]>> producers,
      Map<String, Object> settings,
      Executor closer,
      ProducerDeadLetterSink.Waiting waiting) {
    this.waiting = waiting;
    this.producers = producers;
    this.settings = settings;
    this.closer = closer;
  }

  /** The producer; a new one where there is none. */
  Producer<byte[], byte[]> get() {
    Producer<byte[], byte[]> producer = current.get();
    if (producer == null) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      producer = producers.apply(settings);
      current.set(producer);
      if (closed && current.compareAndSet(producer, null)) {
        closer.execute(closing(producer, Duration.ZERO));
      }
    }
    return producer;
  }

  /**
   * Ends a broken producer, so that the next {@link #get} makes a new one. Does nothing when that
   * happened already.
   */
  void discard(@Nullable Producer<byte[], byte[]> broken) {
    if (broken != null && current.compareAndSet(broken, null)) {
      closer.execute(closing(broken, Duration.ZERO));
    }
  }

  void close(Duration bound) {
    closed = true;
    Producer<byte[], byte[]> producer = current.getAndSet(null);
    if (producer == null) {
      return;
    }
    FutureTask<?> task = new FutureTask<>(closing(producer, bound), null);
    closer.execute(task);
    try {
      if (!waiting.await(task, bound)) {
        log.debug("The dead-letter producer goes on closing past its bound of {}", bound);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Runnable closing(Producer<byte[], byte[]> producer, Duration bound) {
    return () -> {
      try {
        producer.close(bound);
      } catch (Throwable broken) {
        // Its class only: a message can hold data of a record.
        log.warn(
            "Closing the dead-letter producer failed with {}", SafeThrowables.className(broken));
      }
    };
  }
}
