package io.github.safeconsumer.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** What happened, line by line: a hash over all of it, and the last lines to read. */
final class Trace {
  private final int keep;
  private final Deque<String> lines = new ArrayDeque<>();
  private long hash = 0xcbf29ce484222325L;
  private long count;

  /**
   * @param keep how many of the last lines are kept; 0 for none
   */
  Trace(int keep) {
    this.keep = keep;
  }

  void line(long nanos, String who, String what) {
    count++;
    mix(nanos);
    for (int i = 0; i < what.length(); i++) {
      hash = (hash ^ what.charAt(i)) * 0x100000001b3L;
    }
    if (keep > 0) {
      if (lines.size() == keep) {
        lines.removeFirst();
      }
      lines.addLast(
          String.format(Locale.ROOT, "%12.6f  %-22s %s", nanos / 1_000_000_000.0, who, what));
    }
  }

  /** A decision that is no line of its own. */
  void mix(long value) {
    hash = (hash ^ value) * 0x100000001b3L;
    hash ^= hash >>> 29;
  }

  boolean keeps() {
    return keep > 0;
  }

  long hash() {
    return hash;
  }

  long count() {
    return count;
  }

  List<String> lines() {
    return new ArrayList<>(lines);
  }
}
