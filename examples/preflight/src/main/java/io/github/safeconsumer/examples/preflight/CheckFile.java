package io.github.safeconsumer.examples.preflight;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.Preflight.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Prints what is wrong with the consumer settings in a properties file; alone, or as a part of
 * another command line.
 */
@Command(
    name = "preflight",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Judges the consumer settings in a properties file as those of a hand-written loop, which"
          + " handles its records on the thread that polls. Connects to nothing.",
      ""
    },
    footer = {
      "",
      "Exit code: 0 nothing but advice; 1 warnings; 2 unsafe; 64 for arguments or a file that mean"
          + " nothing."
    })
public final class CheckFile implements Callable<Integer> {
  static final int FINE = 0;
  static final int WARNING = 1;
  static final int UNSAFE = 2;
  static final int USAGE = 64;

  private static final int MOST_CONCURRENCY = 10_000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the properties file")
  private Path file;

  @Option(
      names = "--latency",
      required = true,
      paramLabel = "TIME",
      description = "how long one record takes in the handler: 120ms, 1.5s, 2m")
  private String latency = "";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "1",
      description = "reckon also with SafeConsumer and N attempts at once, 1 to 10000")
  private int concurrency;

  @Option(
      names = "--ordering",
      paramLabel = "ORDER",
      defaultValue = "partition",
      description = "for that: partition (the default), key or unordered")
  private String ordering = "";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this")
  private boolean help;

  private final PrintStream out;

  private CheckFile(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    return commandLine(out, err)
        .setCommandName("examples/run preflight")
        .execute(args.toArray(String[]::new));
  }

  /** For another command line that has it as a subcommand. */
  public static CommandLine commandLine(PrintStream out, PrintStream err) {
    return new CommandLine(new CheckFile(out))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((wrong, given) -> usage(err, wrong));
  }

  private static int usage(PrintStream err, ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    err.println("preflight: " + wrong.getMessage());
    err.print("usage: " + command.getHelp().synopsis("usage: ".length()));
    err.println(command.getCommandSpec().qualifiedName() + " --help tells more");
    return USAGE;
  }

  @Override
  public Integer call() {
    if (concurrency < 1 || concurrency > MOST_CONCURRENCY) {
      throw wrong("--concurrency " + concurrency + ": from 1 to " + MOST_CONCURRENCY);
    }
    Arguments arguments = new Arguments(file, latency(), concurrency, ordering());
    Properties settings = settings();
    List<Finding> findings = Preflight.check(settings, arguments.latency());
    new Report(arguments, settings, findings).lines().forEach(out::println);
    return exitCode(findings);
  }

  private Duration latency() {
    try {
      return Times.parse(latency);
    } catch (IllegalArgumentException noTime) {
      throw wrong(noTime.getMessage());
    }
  }

  private Ordering ordering() {
    try {
      return Ordering.valueOf(ordering.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw wrong("--ordering " + ordering + ": partition, key or unordered");
    }
  }

  private Properties settings() {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      settings.load(reader);
      return settings;
    } catch (IOException | IllegalArgumentException unreadable) {
      throw wrong("cannot read " + file + " as a properties file: " + unreadable);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The findings come with the most severe first. */
  private static int exitCode(List<Finding> findings) {
    if (findings.isEmpty()) {
      return FINE;
    }
    return switch (findings.get(0).severity()) {
      case UNSAFE -> UNSAFE;
      case WARNING -> WARNING;
      case ADVICE -> FINE;
    };
  }
}
