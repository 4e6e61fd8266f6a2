package io.github.safeconsumer.examples.faults;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What was asked for.
 *
 * @param scale how large and how long
 * @param only the names of the faults that are wanted; empty for all
 * @param json where the results go besides
 * @param seed of what is left to chance
 */
record Arguments(Scale scale, List<String> only, Optional<Path> json, long seed) {
  private static final String USAGE =
      "usage: examples/run faults [--short] [--only NAME,...] [--json FILE] [--seed NUMBER]";

  Arguments {
    only = List.copyOf(only);
  }

  static Arguments parse(List<String> given) {
    Scale scale = Scale.FULL;
    List<String> only = List.of();
    Optional<Path> json = Optional.empty();
    long seed = System.nanoTime() & Integer.MAX_VALUE;
    Deque<String> rest = new ArrayDeque<>(given);
    while (!rest.isEmpty()) {
      String option = rest.poll();
      switch (option) {
        case "--short" -> scale = Scale.SHORT;
        case "--only" -> only = List.of(value(option, rest).split(","));
        case "--json" -> json = Optional.of(Path.of(value(option, rest)));
        case "--seed" -> seed = number(value(option, rest));
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    List<String> known = Catalogue.of(scale, seed).stream().map(Fault::name).toList();
    if (!known.containsAll(only)) {
      throw new IllegalArgumentException(
          "not all of " + only + " are faults: there are " + String.join(", ", known));
    }
    return new Arguments(scale, only, json, seed);
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
    }
    return rest.poll();
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(text + " is no number\n" + USAGE, e);
    }
  }

  /** Those that are wanted. */
  List<Fault> faults() {
    return Catalogue.of(scale, seed).stream()
        .filter(fault -> only.isEmpty() || only.contains(fault.name()))
        .toList();
  }
}
