package io.github.safeconsumer;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
 * @param lag records between the watermark and the end of the log, where the end is known; under
 *     read_committed the end of what is committed. Offsets that hold no record (compaction,
 *     transaction markers) count until they are passed
 * @param oldestAge how long ago the oldest record that is not done was produced, by its timestamp;
 *     while it is not polled yet, since when not all was done, which is the most that it can be.
 *     Empty where nothing waits, and where it is not known
 * @param donePerSecond records done in a second, over the last ten seconds; empty in the first
 * @param arrivedPerSecond offsets added to the log in a second, over the last ten seconds; empty in
 *     the first
 * @param timeToDrain until nothing waits at these rates; empty where they are not known, and where
 *     it would never be
 * @param buffered records polled and not started
 * @param bufferedBytes their keys, values and headers, in bytes
 * @param inFlight attempts running now
 * @param oldestAttempt how long the one of them has been running that began first
 * @param waiting records that wait for a retry
 * @param deadLettering records whose dead letter is not acknowledged
 * @param blocked records that hold their lane until an operator acts
 * @param suspects offsets of which one may have killed an earlier owner, and that are not done
 * @param pauseReasons why no record of it starts or is fetched; empty when it flows
 * @param pausedSince since when, by the wall clock, for those that the loop has seen: at most 100
 *     ms later
 */
public record PartitionStatus(
    TopicPartition partition,
    long epoch,
    long watermark,
    OptionalLong committed,
    OptionalLong lag,
    Optional<Duration> oldestAge,
    OptionalDouble donePerSecond,
    OptionalDouble arrivedPerSecond,
    Optional<Duration> timeToDrain,
    int buffered,
    long bufferedBytes,
    int inFlight,
    Optional<Duration> oldestAttempt,
    int waiting,
    int deadLettering,
    int blocked,
    int suspects,
    Set<PauseReason> pauseReasons,
    Map<PauseReason, Instant> pausedSince) {
  public PartitionStatus {
    pausedSince = Map.copyOf(pausedSince);
    pauseReasons = Set.copyOf(pauseReasons);
  }
}
