package io.github.safeconsumer.crash;

import java.util.ArrayList;
import java.util.List;

/** What was promised and not kept: how often, and the first ones in words. */
final class Violations {
  private static final int SHOWN = 30;

  private final List<String> first = new ArrayList<>();
  private int line;
  private int count;

  /** The line of the journal that is being looked at. */
  void at(int number) {
    line = number;
  }

  void add(String what) {
    if (count++ < SHOWN) {
      first.add("line " + line + ": " + what);
    }
  }

  int count() {
    return count;
  }

  List<String> first() {
    return List.copyOf(first);
  }
}
