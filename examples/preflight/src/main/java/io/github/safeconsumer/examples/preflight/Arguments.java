package io.github.safeconsumer.examples.preflight;

import io.github.safeconsumer.Ordering;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** What the command line asks for. */
record Arguments(Path file, Duration latency, int concurrency, Ordering ordering) {
  static final String HELP =
      """
      usage: examples/run preflight FILE --latency TIME [--concurrency N] [--ordering ORDER]

      Judges the consumer settings in a properties file as those of a hand-written loop, which
      handles its records on the thread that polls. Connects to nothing.

        --latency TIME     how long one record takes in the handler: 120ms, 1.5s, 2m
        --concurrency N    reckon also with SafeConsumer and N attempts at once, 1 to 10000
        --ordering ORDER   for that: partition (the default), key or unordered

      Exit code: 0 nothing but advice, 1 warnings, 2 unsafe, 64 for arguments or a file that mean
      nothing.""";

  private static final int MOST_CONCURRENCY = 10_000;

  static Arguments parse(List<String> args) throws UsageException {
    String file = null;
    Duration latency = null;
    int concurrency = 1;
    Ordering ordering = Ordering.PARTITION;
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String arg = rest.next();
      switch (arg) {
        case "--latency" -> latency = Times.parse(value(arg, rest));
        case "--concurrency" -> concurrency = concurrency(value(arg, rest));
        case "--ordering" -> ordering = ordering(value(arg, rest));
        default -> {
          if (arg.startsWith("-")) {
            throw new UsageException("there is no option " + arg);
          }
          if (file != null) {
            throw new UsageException("one file at a time, and not " + file + " and " + arg);
          }
          file = arg;
        }
      }
    }
    if (file == null) {
      throw new UsageException("name the properties file");
    }
    if (latency == null) {
      throw new UsageException(
          "say how long one record takes in the handler, for example --latency 120ms");
    }
    return new Arguments(path(file), latency, concurrency, ordering);
  }

  private static String value(String option, Iterator<String> rest) throws UsageException {
    if (!rest.hasNext()) {
      throw new UsageException(option + " needs a value");
    }
    return rest.next();
  }

  private static int concurrency(String text) throws UsageException {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= MOST_CONCURRENCY) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // refused below
    }
    throw new UsageException("--concurrency " + text + ": from 1 to " + MOST_CONCURRENCY);
  }

  private static Ordering ordering(String text) throws UsageException {
    try {
      return Ordering.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new UsageException("--ordering " + text + ": partition, key or unordered");
    }
  }

  private static Path path(String file) throws UsageException {
    try {
      return Path.of(file);
    } catch (InvalidPathException unusable) {
      throw new UsageException("no file can have the name " + file);
    }
  }
}
