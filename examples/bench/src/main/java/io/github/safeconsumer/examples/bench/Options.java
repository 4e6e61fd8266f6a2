package io.github.safeconsumer.examples.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the command line asks for.
 *
 * @param scenarios names; empty for those of the default
 * @param subjects names; empty for those of each scenario
 * @param client further settings of the Kafka clients of all subjects
 */
record Options(
    Command command,
    List<String> scenarios,
    int rounds,
    int warmUps,
    long seed,
    Sizes sizes,
    List<String> subjects,
    Map<String, String> client,
    Path directory) {
  static final String ALL = "all";

  static final String USAGE =
      """
      usage: examples/run bench [SCENARIO...|all|list] [options]
             examples/run bench micro [JMH's options]

        --rounds N         measured rounds (7; with --short 3)
        --warmups N        runs of each subject before them that do not count (2; with --short 1)
        --records N        records of each run, instead of the scenario's own count
        --subjects A,B     who is run, instead of the scenario's own list
        --concurrency N    handlers at once where no work blocks (the number of cores)
        --client KEY=VALUE a setting of the Kafka consumers, the same for all; can be repeated
        --seed N           of the order within rounds (random, and printed)
        --short            tiny: to see that it works, not how fast it is
        --out DIR          where JSON, Markdown, SVG and logs go (examples/bench/target/results)
      """;

  private static final int ROUNDS = 7;
  private static final int SHORT_ROUNDS = 3;
  private static final int WARM_UPS = 2;

  /** What to do. */
  enum Command {
    RUN,
    LIST,
    HELP
  }

  static Options parse(String[] arguments, Path defaultDirectory, long randomSeed) {
    Parser parser = new Parser(defaultDirectory, randomSeed);
    Iterator<String> words = Arrays.asList(arguments).iterator();
    while (words.hasNext()) {
      parser.take(words.next(), words);
    }
    return parser.options();
  }

  private static final class Parser {
    private final List<String> scenarios = new ArrayList<>();
    private final List<String> subjects = new ArrayList<>();
    private final Map<String, String> client = new HashMap<>();
    private Command command = Command.RUN;
    private boolean isShort;
    private OptionalInt rounds = OptionalInt.empty();
    private OptionalInt warmUps = OptionalInt.empty();
    private OptionalLong records = OptionalLong.empty();
    private OptionalInt concurrency = OptionalInt.empty();
    private long seed;
    private Path directory;

    Parser(Path directory, long seed) {
      this.directory = directory;
      this.seed = seed;
    }

    void take(String word, Iterator<String> rest) {
      switch (word) {
        case "list" -> command = Command.LIST;
        case "--help", "-h" -> command = Command.HELP;
        case "--short" -> isShort = true;
        case "--rounds" -> rounds = OptionalInt.of((int) number(word, rest, 1, 1_000));
        case "--warmups" -> warmUps = OptionalInt.of((int) number(word, rest, 0, 1_000));
        case "--records" -> records = OptionalLong.of(number(word, rest, 1, 1_000_000_000));
        case "--concurrency" -> concurrency = OptionalInt.of((int) number(word, rest, 1, 10_000));
        case "--seed" -> seed = number(word, rest, Long.MIN_VALUE, Long.MAX_VALUE);
        case "--subjects" -> takeSubjects(value(word, rest));
        case "--client" -> takeClient(value(word, rest));
        case "--out" -> directory = Path.of(value(word, rest));
        default -> takeScenario(word);
      }
    }

    private void takeSubjects(String names) {
      for (String name : names.split(",")) {
        if (Subjects.find(name).isEmpty()) {
          throw new IllegalArgumentException(
              "there is no subject '" + name + "', only " + Subjects.names() + " and bare@PEER");
        }
        subjects.add(name);
      }
    }

    private void takeClient(String setting) {
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("--client " + setting + " is not KEY=VALUE");
      }
      client.put(setting.substring(0, equals), setting.substring(equals + 1));
    }

    private void takeScenario(String name) {
      if (name.startsWith("-")) {
        throw new IllegalArgumentException("there is no option " + name);
      }
      List<String> known = new Scenarios(Sizes.full()).all().stream().map(Scenario::name).toList();
      if (!name.equals(ALL) && !known.contains(name)) {
        throw new IllegalArgumentException("there is no scenario '" + name + "', only " + known);
      }
      scenarios.add(name);
    }

    private static String value(String option, Iterator<String> rest) {
      if (!rest.hasNext()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      return rest.next();
    }

    private static long number(String option, Iterator<String> rest, long least, long most) {
      String text = value(option, rest);
      try {
        long number = Long.parseLong(text);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new IllegalArgumentException(
          option + " " + text + " is not a number from " + least + " to " + most);
    }

    Options options() {
      return new Options(
          command,
          List.copyOf(scenarios),
          rounds.orElse(isShort ? SHORT_ROUNDS : ROUNDS),
          warmUps.orElse(isShort ? 1 : WARM_UPS),
          seed,
          new Sizes(isShort, records, concurrency),
          List.copyOf(subjects),
          Map.copyOf(client),
          directory);
    }
  }
}
