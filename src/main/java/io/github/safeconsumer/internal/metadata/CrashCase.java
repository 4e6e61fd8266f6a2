package io.github.safeconsumer.internal.metadata;

import java.util.List;

/**
 * What is known of processes that died while they owned the partition.
 *
 * @param uncleanEnds how many did
 * @param suspects offsets of which one may be to blame, ascending with gaps
 * @param soloOffset the record that is about to run by itself; -1: none
 * @param alone whether nothing else runs in the process meanwhile
 * @param soloHalfDeaths deaths at that record, in halves: two for one when it was alone, else one
 * @param updatedAtSeconds when the case last changed, in seconds since 1970
 */
public record CrashCase(
    int uncleanEnds,
    List<OffsetRange> suspects,
    long soloOffset,
    boolean alone,
    int soloHalfDeaths,
    long updatedAtSeconds) {

  /** Checks the ranges of the numbers. */
  public CrashCase {
    suspects = List.copyOf(suspects);
    Checks.atLeast("uncleanEnds", uncleanEnds, 0);
    OffsetRange.checkAscending("suspects", suspects, Note.MAX_ENTRIES);
    Checks.atLeast("soloOffset", soloOffset, -1);
    Checks.atLeast("soloHalfDeaths", soloHalfDeaths, 0);
    Checks.seconds("updatedAtSeconds", updatedAtSeconds, 0);
  }

  CrashCase withSuspects(List<OffsetRange> others) {
    return new CrashCase(uncleanEnds, others, soloOffset, alone, soloHalfDeaths, updatedAtSeconds);
  }
}
