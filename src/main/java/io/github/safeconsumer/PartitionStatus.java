package io.github.safeconsumer;

import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * One owned partition at one moment.
 *
 * @param partition which
 * @param epoch number of this ownership, rising over the life of the consumer
 * @param watermark the offset that may be committed: everything below is done
 * @param committed the offset last confirmed by the broker in this ownership, where there is one
 * @param lag records between the watermark and the end of the log, where the end is known
 * @param buffered records polled and not started
 * @param bufferedBytes their keys, values and headers, in bytes
 * @param inFlight attempts running now
 * @param waiting records that wait for a retry
 * @param deadLettering records whose dead letter is not acknowledged
 * @param blocked records that hold their lane until an operator acts
 * @param suspects offsets of which one may have killed an earlier owner, and that are not done
 * @param pauseReasons why no record of it starts or is fetched; empty when it flows
 */
public record PartitionStatus(
    TopicPartition partition,
    long epoch,
    long watermark,
    OptionalLong committed,
    OptionalLong lag,
    int buffered,
    long bufferedBytes,
    int inFlight,
    int waiting,
    int deadLettering,
    int blocked,
    int suspects,
    Set<PauseReason> pauseReasons) {
  public PartitionStatus {
    pauseReasons = Set.copyOf(pauseReasons);
  }
}
