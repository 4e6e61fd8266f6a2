package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.DeadLetterFilter;
import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.ReplayReport;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends them on. */
@Command(
    name = "replay",
    description = {"Sends dead letters on, each of them once.", ""})
final class ReplayLetters extends Letters {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "NAME",
      description =
          "names this piece of work, as in orders-march-1: run again with the same name, it sends"
              + " nothing twice and goes on where it ended")
  private String id = "";

  @Option(names = "--dry-run", description = "say what would be sent")
  private boolean dryRun;

  @Option(
      names = "--to",
      paramLabel = "TOPIC",
      description = "instead of the topics the records were read from")
  private String to;

  @Option(names = "--rate", paramLabel = "N", description = "most records a second")
  private String rate;

  @Option(names = "--limit", paramLabel = "N", description = "stop after so many")
  private String limit;

  @Option(names = "--keep-timestamps", description = "give records the timestamps they had")
  private boolean keepTimestamps;

  @Mixin private Filters filters;

  private DeadLetterFilter filter;
  private ReplayOptions options;

  ReplayLetters(PrintStream out) {
    super(out);
  }

  @Override
  void check() {
    filter = filters.all();
    double perSecond = rate == null ? Double.POSITIVE_INFINITY : Values.rate(rate);
    long most = limit == null ? Long.MAX_VALUE : Values.number("--limit", limit, 1);
    try {
      options = ReplayOptions.id(id).dryRun(dryRun).maxRecordsPerSecond(perSecond).limit(most);
    } catch (IllegalArgumentException badId) {
      throw new IllegalArgumentException("--" + badId.getMessage(), badId);
    }
    if (to != null) {
      options = options.toTopic(to);
    }
    if (keepTimestamps) {
      options = options.originalTimestamps();
    }
  }

  @Override
  int run(DeadLetters letters) {
    ReplayReport report = letters.replay(filter, options);
    if (json) {
      out.println(Json.of(report));
    } else {
      Text.of(report).forEach(out::println);
    }
    boolean limited = report.ending() == ReplayReport.Ending.LIMITED && report.refused().isEmpty();
    if (report.ending() == ReplayReport.Ending.FAILED) {
      return Dlt.UNAVAILABLE;
    }
    return report.clean() || limited ? Dlt.DONE : Dlt.NOT_ALL;
  }
}
