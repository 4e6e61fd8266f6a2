package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.common.TopicPartition;

/**
 * All that a diagnosis of this very consumer rests on, at one moment.
 *
 * @param status what everybody sees; its time is the moment
 * @param limits what is configured
 * @param pausedSince since when the whole consumer is paused, by reason
 * @param stuck records that hold their lane and do not run, the oldest of each partition first
 * @param running attempts that run longer than a minute, or past their deadline
 * @param deadLetters what keeps dead letters from being written now, where something does
 * @param moves how partitions came and went lately, in order
 * @param retention for how long topics keep records, where that is bounded and known
 * @param hottest by partition, the lane with most records, where one stands out
 * @param measuredFor over how long the rates of all partitions are measured, whose lag is known
 * @param usual the latency of each topic over the last hour, where there was enough to know it
 */
public record Facts(
    Status status,
    Limits limits,
    Map<PauseReason, Instant> pausedSince,
    List<Stuck> stuck,
    List<Running> running,
    Optional<DeadLetterTrouble> deadLetters,
    List<Chronicle.Move> moves,
    Map<String, Duration> retention,
    Map<TopicPartition, Lane> hottest,
    Duration measuredFor,
    Map<String, Duration> usual) {
  public Facts {
    pausedSince = Map.copyOf(pausedSince);
    stuck = List.copyOf(stuck);
    running = List.copyOf(running);
    moves = List.copyOf(moves);
    retention = Map.copyOf(retention);
    hottest = Map.copyOf(hottest);
    usual = Map.copyOf(usual);
  }

  /** What is configured. */
  public record Limits(
      Ordering ordering,
      int concurrency,
      int maxAttempts,
      Duration maxPollInterval,
      OptionalDouble maxRecordsPerSecond) {}

  /** What a record waits for. */
  public enum Waits {
    /** An operator. */
    OPERATOR,
    /** An operator, since the process died again and again. */
    OPERATOR_AFTER_DEATHS,
    /** Its next attempt. */
    RETRY,
    /** Its dead letter to be acknowledged. */
    DEAD_LETTER
  }

  /**
   * A record that holds its lane.
   *
   * @param attempts that failed and count
   * @param since its first failure, where that is known
   * @param failure class of the last failure; empty for none
   * @param reason why an operator has to act; empty where none has to
   */
  public record Stuck(
      TopicPartition partition,
      long offset,
      Waits waits,
      int attempts,
      Optional<Instant> since,
      String failure,
      String reason) {}

  /**
   * An attempt that takes long.
   *
   * @param overdue whether its deadline has passed
   * @param abandoned whether nobody waits for it any more
   * @param thread its name, or that it has none
   * @param stack where it stands, from the top; empty without a thread
   */
  public record Running(
      TopicPartition partition,
      long offset,
      Duration runs,
      boolean overdue,
      boolean abandoned,
      String thread,
      List<String> stack) {}

  /**
   * Dead letters cannot be written.
   *
   * @param since the first failure of this row
   * @param failure class of the last one
   */
  public record DeadLetterTrouble(Instant since, String failure) {}

  /** One lane of a partition: so many of its open records. */
  public record Lane(int records, int ofOpen) {}
}
