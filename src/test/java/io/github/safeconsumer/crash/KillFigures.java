package io.github.safeconsumer.crash;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run showed, in one line. */
final class KillFigures {
  private KillFigures() {}

  /** Looks once more at a journal that was kept; what the brokers held is not known any more. */
  public static void main(String[] args) {
    JournalCheck check = new JournalCheck(Integer.parseInt(args[1]));
    try (SharedJournal journal = new SharedJournal(Path.of(args[0]))) {
      int torn = journal.read(check::see);
      check.finish(Map.of(), List.of());
      System.out.println(of(check, args[0] + ", " + torn + " torn lines"));
    }
    check.violations().forEach(System.out::println);
  }

  static String of(JournalCheck check, String what) {
    List<Kill> kills = check.kills();
    return String.format(
        Locale.ROOT,
        "FIGURES kill -9 under KEY order, %s: %d kills, %d of them with attempts in the handler;"
            + " %d keys, %d records done, %d dead letters (%d of them again), %d lost;"
            + " partitions for each kill %s, in the handler %s, done again %s,"
            + " the oldest of these done %s ms before; %d begun again that were cut off;"
            + " %d done again though done before the last commit was sent, %d after a loss;"
            + " %d commits seen, %d of them with ranges, %d at most, longest note %d characters; failed attempts %d, most of one record %d, beyond the bound %d;"
            + " %d violations",
        what,
        kills.size(),
        kills.stream().filter(kill -> kill.running() > 0).count(),
        check.keys(),
        check.repeats().done(),
        check.dead(),
        check.deadTwice(),
        check.lost(),
        spread(kills.stream().mapToDouble(Kill::partitions).toArray()),
        spread(kills.stream().mapToDouble(Kill::running).toArray()),
        spread(kills.stream().mapToDouble(Kill::repeated).toArray()),
        spread(kills.stream().mapToDouble(Kill::oldestMillis).toArray()),
        check.repeats().cutOffAgain(),
        kills.stream().mapToInt(Kill::repeatedThoughCommitted).sum(),
        check.repeats().afterLoss(),
        check.repeats().commitsSeen(),
        check.commits().withRanges(),
        check.commits().mostRanges(),
        check.commits().mostCharacters(),
        check.attempts().failed(),
        check.attempts().most(),
        check.attempts().overBound(),
        check.violationCount());
  }

  /** Smallest, middle, nearly all and largest. */
  private static String spread(double[] values) {
    if (values.length == 0) {
      return "none";
    }
    Arrays.sort(values);
    return String.format(
        Locale.ROOT,
        "%.0f/%.0f/%.0f/%.0f",
        values[0],
        values[values.length / 2],
        values[(int) (values.length * 0.95)],
        values[values.length - 1]);
  }
}
