package io.github.safeconsumer.internal.metadata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a commit says of one partition beside the offset.
 *
 * @param identity whose offsets these are
 * @param base the committed offset the note was written beside
 * @param mode where the ownership stood
 * @param boot random number of the process that wrote it
 * @param leaseEnd no record from here on was started by its writer
 * @param crashCase what is known of processes that died; null: nothing
 * @param convictionSeconds when records were convicted, in seconds since 1970, ascending
 * @param retries records that failed and are not done, ascending by offset
 * @param done what is done at or past the base, ascending with gaps between the ranges
 */
public record Note(
    Identity identity,
    long base,
    Mode mode,
    long boot,
    long leaseEnd,
    @Nullable CrashCase crashCase,
    List<Long> convictionSeconds,
    List<RetryEntry> retries,
    List<OffsetRange> done) {

  /** How long a list may be: more than a partition has in work at any time. */
  static final int MAX_ENTRIES = 1 << 17;

  /** How many convictions are remembered: more than are needed to stop. */
  public static final int MAX_CONVICTIONS = 16;

  /** Checks that it makes sense. */
  public Note {
    convictionSeconds = List.copyOf(convictionSeconds);
    retries = List.copyOf(retries);
    done = List.copyOf(done);
    Checks.atLeast("base", base, 0);
    Checks.atLeast("leaseEnd", leaseEnd, base);
    checkConvictions(convictionSeconds);
    checkRetries(retries, base);
    OffsetRange.checkAscending("done", done, MAX_ENTRIES);
    if (!done.isEmpty()) {
      Checks.atLeast("done from", done.get(0).from(), base);
    }
  }

  Note with(@Nullable CrashCase otherCase, List<RetryEntry> someRetries, List<OffsetRange> ranges) {
    return new Note(
        identity, base, mode, boot, leaseEnd, otherCase, convictionSeconds, someRetries, ranges);
  }

  private static void checkConvictions(List<Long> seconds) {
    Checks.atMost("number of convictions", seconds.size(), MAX_CONVICTIONS);
    long least = 0;
    for (long at : seconds) {
      Checks.seconds("convictionSeconds", at, least);
      least = at;
    }
  }

  private static void checkRetries(List<RetryEntry> retries, long base) {
    Checks.atMost("number of retries", retries.size(), MAX_ENTRIES);
    long before = base - 1;
    for (RetryEntry entry : retries) {
      if (entry.offset() <= before) {
        throw new IllegalArgumentException(
            "retries must ascend from the base on: " + entry.offset() + " follows on " + before);
      }
      before = entry.offset();
    }
  }
}
