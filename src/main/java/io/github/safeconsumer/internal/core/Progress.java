package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a commit of one partition says, at one moment. Once the broker has confirmed it, the
 * partition is told so with the same object.
 *
 * @param offset the watermark
 * @param leaderEpoch to commit beside it; -1 where it is not known
 * @param leaseEnd no record at or past it starts before a commit that says more is confirmed
 * @param changes the partition's count of changes at this moment
 * @param booked the histories behind the retry entries
 */
public record Progress(
    OwnedPartition partition,
    long offset,
    int leaderEpoch,
    Mode mode,
    long leaseEnd,
    @Nullable CrashCase crashCase,
    List<Long> convictions,
    List<RetryEntry> retries,
    List<OffsetRange> done,
    long changes,
    List<Booked> booked) {

  /** A history and how many of its attempts this progress tells of. */
  record Booked(FailureHistory history, int charged) {}

  /** The note that goes beside the offset. */
  public Note note(Identity identity, long boot) {
    return new Note(identity, offset, mode, boot, leaseEnd, crashCase, convictions, retries, done);
  }
}
