package io.github.safeconsumer.examples.faults;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was asked for.
 *
 * @param scale how large and how long
 * @param only the name of the only fault that is wanted
 * @param json where the results go besides
 * @param seed of what is left to chance
 */
record Arguments(Scale scale, Optional<String> only, Optional<Path> json, long seed) {
  private static final String USAGE =
      "usage: examples/run faults [--short] [--only NAME] [--json FILE] [--seed NUMBER]";

  static Arguments parse(List<String> given) {
    Scale scale = Scale.FULL;
    Optional<String> only = Optional.empty();
    Optional<Path> json = Optional.empty();
    long seed = System.nanoTime() & Integer.MAX_VALUE;
    Deque<String> rest = new ArrayDeque<>(given);
    while (!rest.isEmpty()) {
      String option = rest.poll();
      switch (option) {
        case "--short" -> scale = Scale.SHORT;
        case "--only" -> only = Optional.of(value(option, rest));
        case "--json" -> json = Optional.of(Path.of(value(option, rest)));
        case "--seed" -> seed = number(value(option, rest));
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    Arguments arguments = new Arguments(scale, only, json, seed);
    if (arguments.faults().isEmpty()) {
      String names =
          Catalogue.of(scale, seed).stream().map(Fault::name).collect(Collectors.joining(", "));
      throw new IllegalArgumentException("there is no such fault; there are " + names);
    }
    return arguments;
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
        .filter(fault -> only.map(fault.name()::equals).orElse(true))
        .toList();
  }
}
