package io.github.safeconsumer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * What a replay did; of a dry run, what it would do. Numbers are of this run alone. Nothing of keys
 * and values is in it.
 *
 * @param id its id
 * @param dryRun true: nothing was sent and nothing stored
 * @param ending how it ended
 * @param problem a sentence on why and what to do, where it did not end {@link Ending#COMPLETE};
 *     else empty
 * @param resumed a run with this id was here before, and this one went on behind it
 * @param read records read from the dead-letter topic
 * @param foreign those that are no dead letters of ours, or of a later format
 * @param matched those that the filter wants
 * @param sent those sent on, all of them acknowledged and committed
 * @param duplicates those not sent because the same letter came before it in this run
 * @param refused why letters that match were not sent, with how many; they will not be sent by a
 *     later run with this id either
 * @param refusals where they are; the first 100
 * @param targets topics with how many records each got
 * @param otherReaders of each target, the groups that read it besides the one whose letters these
 *     are: they get the records, too
 * @param warnings sentences for a person: other readers, what could not be looked at, what is gone
 * @param took how long it took
 */
public record ReplayReport(
    String id,
    boolean dryRun,
    Ending ending,
    String problem,
    boolean resumed,
    long read,
    long foreign,
    long matched,
    long sent,
    long duplicates,
    Map<String, Long> refused,
    List<Refusal> refusals,
    Map<String, Long> targets,
    Map<String, SortedSet<String>> otherReaders,
    List<String> warnings,
    Duration took) {

  /** How a replay ended. */
  public enum Ending {
    /** All letters that were there when this id began have been dealt with. */
    COMPLETE,
    /** The limit is reached; run it again with the same id for more. */
    LIMITED,
    /** Closed meanwhile; run it again with the same id for the rest. */
    STOPPED,
    /**
     * Another replay with the same id has begun: it does the rest, and this one can send nothing
     * any more.
     */
    FENCED,
    /** The cluster refused or did not answer; run it again with the same id for the rest. */
    FAILED
  }

  /**
   * A letter that was not sent.
   *
   * @param place where it is in the dead-letter topic: topic-partition@offset
   * @param letterId its id
   * @param reason why
   */
  public record Refusal(String place, String letterId, String reason) {}

  public ReplayReport {
    refused = Map.copyOf(refused);
    refusals = List.copyOf(refusals);
    targets = Map.copyOf(targets);
    otherReaders = Map.copyOf(otherReaders);
    warnings = List.copyOf(warnings);
  }

  /** Whether every letter that matches was sent, by this run or an earlier one with this id. */
  public boolean clean() {
    return ending == Ending.COMPLETE && refused.isEmpty();
  }
}
