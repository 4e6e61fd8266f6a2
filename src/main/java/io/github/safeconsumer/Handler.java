package io.github.safeconsumer;

import java.util.Collection;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What every handler of records may do besides handling them. Not to be extended directly: see
 * {@link RecordHandler} and {@link BatchHandler}.
 */
public abstract sealed class Handler permits RecordHandler, BatchHandler {

  /**
   * Says what a failure means, before any rule of the {@link RetryPolicy}. Runs on a worker thread.
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
}
