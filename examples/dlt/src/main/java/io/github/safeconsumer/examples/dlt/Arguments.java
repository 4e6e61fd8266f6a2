package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterFilter;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** What the command line asks for. */
final class Arguments {
  static final String HELP =
      """
      usage: examples/run dlt list   --bootstrap HOST:PORT --topic TOPIC [filters] [--limit N]
             examples/run dlt show   --bootstrap HOST:PORT --topic TOPIC --at PARTITION@OFFSET
             examples/run dlt show   --bootstrap HOST:PORT --topic TOPIC --letter ID
             examples/run dlt replay --bootstrap HOST:PORT --topic TOPIC --id NAME [filters]
                                     [--dry-run] [--to TOPIC] [--rate N] [--limit N]
                                     [--keep-timestamps]
             examples/run dlt demo   needs no Kafka: it starts a broker of its own

        --bootstrap HOST:PORT  brokers, several separated by commas
        --config FILE          properties of a Kafka client: TLS, user names, passwords
        --topic TOPIC          the dead-letter topic
        --json                 for programs
        --values               print keys and values, too; they can be personal data

      Filters, all of which must hold:
        --exception PART       part of the exception's class name, or of a cause's
        --reason WORD          exhausted, non-retryable, undeserializable, hung, crashed, operator
        --origin TOPIC         the topic the record was read from; also --partition N and
        --offsets FROM-TO      its offset there
        --group GROUP          the consumer group
        --since TIME           last failure from then on, as in 2026-03-01T10:00:00Z
        --before TIME          last failure before then
        --letter ID            one letter

      Replay:
        --id NAME              names this piece of work: run again with the same name, it sends
                               nothing twice and goes on where it ended
        --dry-run              say what would be sent
        --to TOPIC             instead of the topics the records were read from
        --rate N               most records a second
        --limit N              stop after so many
        --keep-timestamps      give records the timestamps they had

      Exit code: 0 done; 1 not all was sent, or no such letter; 64 for arguments that mean nothing;
      69 where the cluster refuses or does not answer.""";

  private static final Set<String> COMMON =
      Set.of("--bootstrap", "--config", "--topic", "--json", "--values");
  private static final Set<String> FILTERS =
      Set.of(
          "--exception",
          "--reason",
          "--origin",
          "--partition",
          "--offsets",
          "--group",
          "--since",
          "--before",
          "--letter");
  private static final Map<String, Set<String>> OWN =
      Map.of(
          "list", Set.of("--limit"),
          "show", Set.of("--at", "--letter"),
          "replay", Set.of("--id", "--dry-run", "--to", "--rate", "--limit", "--keep-timestamps"));
  private static final Set<String> SWITCHES =
      Set.of("--json", "--values", "--dry-run", "--keep-timestamps");

  private final String command;
  private final Map<String, String> given = new HashMap<>();

  private Arguments(String command) {
    this.command = command;
  }

  static Arguments parse(List<String> args) throws UsageException {
    if (args.isEmpty() || !OWN.containsKey(args.get(0))) {
      throw new UsageException(
          (args.isEmpty() ? "no command" : "there is no command '" + args.get(0) + "'")
              + ": list, show, replay or demo");
    }
    Arguments arguments = new Arguments(args.get(0));
    for (int i = 1; i < args.size(); i++) {
      String flag = args.get(i);
      arguments.checkKnown(flag);
      boolean isSwitch = SWITCHES.contains(flag);
      if (!isSwitch && (i + 1 == args.size() || args.get(i + 1).startsWith("--"))) {
        throw new UsageException(flag + " needs a value");
      }
      if (arguments.given.put(flag, isSwitch ? "" : args.get(++i)) != null) {
        throw new UsageException(flag + " is there twice");
      }
    }
    arguments.require("--bootstrap", "as in --bootstrap localhost:9092");
    arguments.require("--topic", "the dead-letter topic");
    return arguments;
  }

  private void checkKnown(String flag) throws UsageException {
    boolean known =
        COMMON.contains(flag)
            || OWN.get(command).contains(flag)
            || (!command.equals("show") && FILTERS.contains(flag));
    if (!known) {
      throw new UsageException(command + " has no " + flag);
    }
  }

  private void require(String flag, String hint) throws UsageException {
    if (!given.containsKey(flag)) {
      throw new UsageException(flag + " is missing: " + hint);
    }
  }

  String command() {
    return command;
  }

  boolean has(String flag) {
    return given.containsKey(flag);
  }

  String text(String flag, String hint) throws UsageException {
    require(flag, hint);
    return given.get(flag);
  }

  Optional<String> text(String flag) {
    return Optional.ofNullable(given.get(flag));
  }

  long number(String flag, long unless, long least) throws UsageException {
    String text = given.get(flag);
    if (text == null) {
      return unless;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // refused below
    }
    throw new UsageException(flag + " " + text + ": a whole number from " + least);
  }

  /** Partition and offset of {@code --at}. */
  long[] place() throws UsageException {
    return pair("--at", "@", "PARTITION@OFFSET, as in 0@1234");
  }

  double rate() throws UsageException {
    String text = given.get("--rate");
    if (text == null) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      double rate = Double.parseDouble(text);
      if (rate > 0) {
        return rate;
      }
    } catch (NumberFormatException noNumber) {
      // refused below
    }
    throw new UsageException("--rate " + text + ": records a second, over 0");
  }

  Properties kafka() throws UsageException {
    Properties settings = new Properties();
    if (has("--config")) {
      try (Reader reader =
          Files.newBufferedReader(Path.of(given.get("--config")), StandardCharsets.UTF_8)) {
        settings.load(reader);
      } catch (IOException | IllegalArgumentException unreadable) {
        throw new UsageException(
            "--config " + given.get("--config") + ": cannot be read as a properties file");
      }
    }
    settings.setProperty("bootstrap.servers", given.get("--bootstrap"));
    return settings;
  }

  DeadLetterFilter filter() throws UsageException {
    DeadLetterFilter filter = DeadLetterFilter.all();
    for (String flag : FILTERS.stream().sorted().toList()) {
      if (has(flag)) {
        filter = filter.and(filter(flag, given.get(flag)));
      }
    }
    return filter;
  }

  private DeadLetterFilter filter(String flag, String value) throws UsageException {
    return switch (flag) {
      case "--exception" -> DeadLetterFilter.exception(value);
      case "--reason" -> DeadLetterFilter.reason(reason(value));
      case "--origin" -> DeadLetterFilter.topic(value);
      case "--partition" -> DeadLetterFilter.partition((int) number(flag, 0, 0));
      case "--offsets" -> {
        long[] ends = pair(flag, "-", "FROM-TO, as in 100-250");
        if (ends[1] < ends[0]) {
          throw new UsageException(flag + " " + value + ": FROM-TO, as in 100-250");
        }
        yield DeadLetterFilter.offsets(ends[0], ends[1]);
      }
      case "--group" -> DeadLetterFilter.group(value);
      case "--since" -> DeadLetterFilter.failedFrom(time(flag, value));
      case "--before" -> DeadLetterFilter.failedBefore(time(flag, value));
      default -> DeadLetterFilter.id(value);
    };
  }

  private long[] pair(String flag, String separator, String form) throws UsageException {
    String[] parts = given.get(flag).split(separator, -1);
    try {
      if (parts.length == 2) {
        long[] pair = {Long.parseLong(parts[0]), Long.parseLong(parts[1])};
        if (pair[0] >= 0 && pair[1] >= 0 && (!flag.equals("--at") || pair[0] <= 1_000_000)) {
          return pair;
        }
      }
    } catch (NumberFormatException noNumber) {
      // refused below
    }
    throw new UsageException(flag + " " + given.get(flag) + ": " + form);
  }

  private static DeadLetter.Reason reason(String word) throws UsageException {
    try {
      return DeadLetter.Reason.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException unknown) {
      throw new UsageException(
          "--reason "
              + word
              + ": exhausted, non-retryable, undeserializable, hung, crashed or operator");
    }
  }

  private static Instant time(String flag, String text) throws UsageException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException noTime) {
      throw new UsageException(flag + " " + text + ": a time in UTC, as in 2026-03-01T10:00:00Z");
    }
  }
}
