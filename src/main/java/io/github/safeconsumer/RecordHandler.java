package io.github.safeconsumer;

import io.github.safeconsumer.internal.shell.AsyncHandler;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a user writes: the work for one record.
 *
 * <p>A normal return means the record is done; its offset may be committed from then on. Anything
 * thrown, {@link Error}s included, is a failure of this record alone, handled by the {@link
 * RetryPolicy} and the {@link DeadLetterPolicy}. A record can be delivered more than once (after a
 * crash or a lost partition), so its effects should be idempotent.
 *
 * <p>Threads: {@link #handle} runs on worker threads, up to {@code concurrency} at once, but never
 * twice at once for records that the {@link Ordering} keeps in order (of one partition, by
 * default), and in offset order among them. A handler may block as long as it likes: the consumer
 * keeps its membership meanwhile.
 *
 * <p>Logging: while a record is deserialized and handled, the MDC of its thread holds {@code
 * kafka.group}, {@code kafka.topic}, {@code kafka.partition}, {@code kafka.offset} and {@code
 * kafka.attempt}. The worker's MDC is cleared afterwards, the handler's own keys included.
 */
public abstract non-sealed class RecordHandler<K, V> extends Handler {

  /**
   * Handles one record.
   *
   * @param record the record, deserialized; its value is null for a tombstone
   * @param context the attempt
   * @throws Exception anything: this attempt failed
   */
  public abstract void handle(ConsumerRecord<K, V> record, RecordContext context) throws Exception;

  /** A handler from a lambda. */
  public static <K, V> RecordHandler<K, V> of(Handle<? super K, ? super V> handle) {
    Objects.requireNonNull(handle, "handle");
    return new RecordHandler<>() {
      @Override
      @SuppressWarnings("unchecked") // a consumer of ? super K accepts every record of K
      public void handle(ConsumerRecord<K, V> record, RecordContext context) throws Exception {
        ((Handle<K, V>) handle).handle(record, context);
      }
    };
  }

  /**
   * A handler whose attempts are not threads: the lambda begins the work and returns at once, and
   * the record is done when the stage completes. An attempt counts against {@code concurrency}
   * until then. A stage that fails, a null stage and anything thrown are failures of the record.
   *
   * <p>The lambda runs on a worker thread and must not block for long. Where a synchronous attempt
   * would be interrupted (at the end of a drain that took too long), an asynchronous one is
   * cancelled: {@link RecordContext#cancelled()} turns true and {@code cancel(true)} is called on
   * the stage's future, where it has one.
   */
  public static <K, V> RecordHandler<K, V> ofAsync(HandleAsync<? super K, ? super V> handle) {
    return new AsyncHandler<>(Objects.requireNonNull(handle, "handle"));
  }

  /** The lambda form of {@link RecordHandler#handle}. */
  @FunctionalInterface
  public interface Handle<K, V> {
    void handle(ConsumerRecord<K, V> record, RecordContext context) throws Exception;
  }

  /** Begins an asynchronous attempt: see {@link #ofAsync}. */
  @FunctionalInterface
  public interface HandleAsync<K, V> {
    CompletionStage<?> handle(ConsumerRecord<K, V> record, RecordContext context) throws Exception;
  }
}
