package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.DeadLetters.Listing;
import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.ReplayReport;
import java.io.PrintStream;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/** Lists, shows and replays dead letters. See {@link Arguments#HELP} for flags and exit codes. */
public final class Dlt {
  static final int DONE = 0;
  static final int NOT_ALL = 1;
  static final int USAGE = 64;
  static final int UNAVAILABLE = 69;

  private static final long LISTED = 50;

  private Dlt() {}

  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    if (arguments.equals(List.of("demo"))) {
      System.exit(Tour.run(System.out, System.err));
    }
    System.exit(run(arguments, System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    if (args.contains("--help") || args.contains("-h")) {
      out.println(Arguments.HELP);
      return DONE;
    }
    try {
      Arguments arguments = Arguments.parse(args);
      try (DeadLetters letters =
          DeadLetters.open(arguments.kafka(), arguments.text("--topic").orElse(""))) {
        return switch (arguments.command()) {
          case "list" -> list(letters, arguments, out);
          case "show" -> show(letters, arguments, out);
          default -> replay(letters, arguments, out);
        };
      }
    } catch (UsageException wrong) {
      err.println("dlt: " + wrong.getMessage());
      err.println("examples/run dlt --help tells more");
      return USAGE;
    } catch (ConfigurationException refused) {
      err.println("dlt: " + refused.getMessage());
      return USAGE;
    } catch (KafkaException unavailable) {
      err.println("dlt: " + Text.of(unavailable));
      return UNAVAILABLE;
    }
  }

  private static int list(DeadLetters letters, Arguments arguments, PrintStream out)
      throws UsageException {
    int limit = (int) Math.min(Integer.MAX_VALUE, arguments.number("--limit", LISTED, 0));
    Listing listing = letters.list(arguments.filter(), limit);
    if (arguments.has("--json")) {
      out.println(Json.of(listing, arguments.has("--values")));
    } else {
      Text.of(listing, arguments.has("--values")).forEach(out::println);
    }
    return DONE;
  }

  private static int show(DeadLetters letters, Arguments arguments, PrintStream out)
      throws UsageException {
    if (arguments.has("--at") == arguments.has("--letter")) {
      throw new UsageException("show needs either --at PARTITION@OFFSET or --letter ID");
    }
    List<Entry> found;
    if (arguments.has("--at")) {
      long[] place = arguments.place();
      found = letters.find((int) place[0], place[1]).stream().toList();
    } else {
      found = letters.find(arguments.text("--letter").orElse(""));
    }
    for (Entry entry : found) {
      if (arguments.has("--json")) {
        out.println(Json.of(entry, arguments.has("--values")));
      } else {
        Text.of(entry, arguments.has("--values")).forEach(out::println);
      }
    }
    if (found.isEmpty()) {
      out.println(arguments.has("--json") ? "null" : "There is no such dead letter.");
    }
    return found.isEmpty() ? NOT_ALL : DONE;
  }

  private static int replay(DeadLetters letters, Arguments arguments, PrintStream out)
      throws UsageException {
    ReplayOptions options;
    try {
      options =
          ReplayOptions.id(
                  arguments.text("--id", "name this piece of work, as in --id orders-march-1"))
              .dryRun(arguments.has("--dry-run"))
              .maxRecordsPerSecond(arguments.rate())
              .limit(arguments.number("--limit", Long.MAX_VALUE, 1));
    } catch (IllegalArgumentException badId) {
      throw new UsageException("--" + badId.getMessage());
    }
    if (arguments.has("--to")) {
      options = options.toTopic(arguments.text("--to").orElse(""));
    }
    if (arguments.has("--keep-timestamps")) {
      options = options.originalTimestamps();
    }
    ReplayReport report = letters.replay(arguments.filter(), options);
    if (arguments.has("--json")) {
      out.println(Json.of(report));
    } else {
      Text.of(report).forEach(out::println);
    }
    boolean limited = report.ending() == ReplayReport.Ending.LIMITED && report.refused().isEmpty();
    if (report.ending() == ReplayReport.Ending.FAILED) {
      return UNAVAILABLE;
    }
    return report.clean() || limited ? DONE : NOT_ALL;
  }
}
