package io.github.safeconsumer;

import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a user writes to handle records in batches, for work that is cheaper in bulk (inserts, calls
 * that take a list).
 *
 * <p>A normal return means that every record that was not passed to {@link BatchContext#fail} is
 * done. A record that was is a failure of this record alone, and the later records of the batch
 * that it has to stay ahead of (see {@link Ordering}) are sent back, whatever the handler did with
 * them: they come again. Anything thrown means that nothing of the batch is done and nobody is
 * charged with it: its records come again one by one, each in a batch of one with a count of its
 * own. So one bad record can neither dead-letter the others nor hide among them.
 *
 * <p>A batch holds records of one partition, in offset order. A record that failed before always
 * comes in a batch of one. Threads: as for {@link RecordHandler}; {@code concurrency} counts
 * batches.
 */
public abstract non-sealed class BatchHandler<K, V> extends Handler {

  /**
   * Handles a batch.
   *
   * @param records at least one, deserialized; a value is null for a tombstone
   * @param context the attempt
   * @throws Exception anything: nothing of the batch is done
   */
  public abstract void handle(List<ConsumerRecord<K, V>> records, BatchContext context)
      throws Exception;

  /** A handler from a lambda. */
  public static <K, V> BatchHandler<K, V> of(Handle<K, V> handle) {
    Objects.requireNonNull(handle, "handle");
    return new BatchHandler<>() {
      @Override
      public void handle(List<ConsumerRecord<K, V>> records, BatchContext context)
          throws Exception {
        handle.handle(records, context);
      }
    };
  }

  /** The lambda form of {@link BatchHandler#handle}. */
  @FunctionalInterface
  public interface Handle<K, V> {
    void handle(List<ConsumerRecord<K, V>> records, BatchContext context) throws Exception;
  }
}
