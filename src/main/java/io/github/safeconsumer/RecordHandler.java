package io.github.safeconsumer;

import java.util.Collection;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a user writes: the work for one record.
 *
 * <p>A normal return means the record is done; its offset may be committed from then on. Anything
 * thrown, {@link Error}s included, is a failure of this record alone, handled by the {@link
 * RetryPolicy} and the {@link DeadLetterPolicy}. A record can be delivered more than once (after a
 * crash or a lost partition), so its effects should be idempotent.
 *
 * <p>Threads: {@link #handle} runs on worker threads, up to {@code concurrency} at once, but never
 * twice at once for one partition, and in offset order within it. A handler may block as long as it
 * likes: the consumer keeps its membership meanwhile.
 *
 * <p>Logging: while a record is deserialized and handled, the MDC of its thread holds {@code
 * kafka.group}, {@code kafka.topic}, {@code kafka.partition}, {@code kafka.offset} and {@code
 * kafka.attempt}. The worker's MDC is cleared afterwards, the handler's own keys included.
 */
public abstract class RecordHandler<K, V> {

  /**
   * Handles one record.
   *
   * @param record the record, deserialized; its value is null for a tombstone
   * @param context the attempt
   * @throws Exception anything: this attempt failed
   */
  public abstract void handle(ConsumerRecord<K, V> record, RecordContext context) throws Exception;

  /**
   * Says what a failure means, before any rule of the {@link RetryPolicy}. Runs on the worker that
   * ran the attempt.
   *
   * @param failure what the attempt threw; {@code ExecutionException} and {@code
   *     CompletionException} are already unwrapped
   * @return the action, or null to let the policy decide. What this method throws is logged, and
   *     the policy decides.
   */
  public @Nullable FailureAction classify(Throwable failure) {
    return null;
  }

  /**
   * Partitions were taken over; none of their records starts before this returns (or 30 s passed).
   * Runs on the callback thread. What it throws is reported as an event.
   */
  public void onAssigned(Collection<TopicPartition> partitions) throws Exception {}

  /**
   * Partitions are about to be handed over: their running attempts have ended (or the drain
   * time-out passed), their progress is not yet committed. Waited for within the drain time-out.
   * Runs on the callback thread.
   */
  public void onRevoked(Collection<TopicPartition> partitions) throws Exception {}

  /**
   * Partitions are owned by another member already; nothing of them is committed any more. Runs on
   * the callback thread.
   */
  public void onLost(Collection<TopicPartition> partitions) throws Exception {}

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

  /** The lambda form of {@link RecordHandler#handle}. */
  @FunctionalInterface
  public interface Handle<K, V> {
    void handle(ConsumerRecord<K, V> record, RecordContext context) throws Exception;
  }
}
