package io.github.safeconsumer.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of the naive group: its journal and the broker's offsets, in words. */
final class NaiveReport {
  private final OrderFeed feed;
  private final Journal journal;
  private final Offsets offsets;

  NaiveReport(OrderFeed feed, Journal journal, Offsets offsets) {
    this.feed = feed;
    this.journal = journal;
    this.offsets = offsets;
  }

  List<String> lines(long rebalances, long crashes, long evictions) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%,d of %,d good orders fulfilled; %,d lost", journal.handled(), feed.good(), lost()));
    lines.add(
        format(
            "%,d fulfilled again that were fulfilled already; one of them %s in all",
            journal.duplicates(), times(mostCompletions())));
    lines.add(
        format(
            "%,d rebalances: crashes %,d, evictions for not polling in time %,d",
            rebalances, crashes, evictions));
    for (int partition = 0; partition < feed.scale().partitions(); partition++) {
      if (offsets.lag(partition) > 0) {
        lines.add(stuck(partition));
      }
    }
    return lines;
  }

  /** Good orders below the committed offset that nobody fulfilled. */
  long lost() {
    long lost = 0;
    for (int partition = 0; partition < feed.scale().partitions(); partition++) {
      for (int offset = 0; offset < offsets.committed().get(partition); offset++) {
        if (!feed.kind(partition, offset).bad() && journal.completions(partition, offset) == 0) {
          lost++;
        }
      }
    }
    return lost;
  }

  private int mostCompletions() {
    int most = 0;
    for (int partition = 0; partition < feed.scale().partitions(); partition++) {
      for (int offset = 0; offset < feed.scale().orders(); offset++) {
        most = Math.max(most, journal.completions(partition, offset));
      }
    }
    return most;
  }

  private String stuck(int partition) {
    return format(
        "partition %d stands at offset %,d, %,d records behind it: %s",
        partition, offsets.committed().get(partition), offsets.lag(partition), cause(partition));
  }

  /** What is in the way: the record that fails for ever, or the poll that never ends in time. */
  private String cause(int partition) {
    int committed = Math.toIntExact(offsets.committed().get(partition));
    boolean slow = false;
    for (int offset = committed; offset < feed.scale().orders(); offset++) {
      Kind kind = feed.kind(partition, offset);
      int failures = journal.failures(partition, offset);
      if (kind.bad() && failures > 0) {
        return format("%s at %,d, failed %s", kind, offset, times(failures));
      }
      slow |= kind == Kind.SLOW && journal.attempts(partition, offset) > 0;
    }
    return slow
        ? "slow orders, a poll of them takes too long"
        : "held up by the group's rebalances";
  }

  private static String times(int count) {
    return count == 1 ? "once" : format("%,d times", count);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
