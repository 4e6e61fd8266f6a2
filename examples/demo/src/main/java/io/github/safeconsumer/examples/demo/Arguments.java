package io.github.safeconsumer.examples.demo;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the demo was asked for.
 *
 * @param scale how much there is to do
 * @param report where the report goes
 */
record Arguments(Scale scale, Path report) {
  static final String USAGE = "usage: examples/run demo [--short] [--report FILE]";

  private static final String FILE = "report.html";

  /** Empty where they mean nothing. The report goes into the directory if nothing else is said. */
  static Optional<Arguments> of(List<String> words, Path directory) {
    Scale scale = Scale.FULL;
    Path report = directory.resolve(FILE);
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      if (word.equals("--short")) {
        scale = Scale.SHORT;
      } else if (word.equals("--report") && rest.hasNext()) {
        try {
          report = Path.of(rest.next());
        } catch (InvalidPathException e) {
          return Optional.empty();
        }
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new Arguments(scale, report.toAbsolutePath().normalize()));
  }
}
