package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.ConfigurationException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Lists, shows and replays dead letters; alone, or as a part of another command line.
 *
 * @see Letters
 */
@Command(
    name = "dlt",
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Looks at the dead letters of a service, and sends them on once the cause is mended.",
      ""
    },
    footer = {"", "COMMAND --help tells its flags.", Letters.EXIT_CODES})
public final class Dlt implements Callable<Integer> {
  static final int DONE = 0;
  static final int NOT_ALL = 1;
  static final int USAGE = 64;
  static final int UNAVAILABLE = 69;

  private static final String COMMANDS = ": list, show, replay or demo";

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this")
  private boolean help;

  private Dlt() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    return commandLine(out, err)
        .setCommandName("examples/run dlt")
        .execute(args.toArray(String[]::new));
  }

  /** For another command line that has it as a subcommand. */
  public static CommandLine commandLine(PrintStream out, PrintStream err) {
    return new CommandLine(new Dlt())
        .addSubcommand(new ListLetters(out))
        .addSubcommand(new ShowLetter(out))
        .addSubcommand(new ReplayLetters(out))
        .addSubcommand(new Tour(out, err))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(
            (wrong, given) -> usage(err, wrong.getCommandLine(), message(wrong)))
        .setExecutionExceptionHandler(
            (thrown, command, result) -> {
              if (thrown instanceof ConfigurationException) {
                return usage(err, command, thrown.getMessage());
              }
              if (thrown instanceof KafkaException) {
                err.println("dlt: " + Text.of(thrown));
                return UNAVAILABLE;
              }
              throw thrown;
            });
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "no command" + COMMANDS);
  }

  private static String message(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      String name = wrong.getCommandLine().getCommandSpec().name();
      return wrong.getCommandLine().getCommand() instanceof Dlt && !first.startsWith("-")
          ? "there is no command '" + first + "'" + COMMANDS
          : name + " has no " + first;
    }
    return wrong.getMessage();
  }

  private static int usage(PrintStream err, CommandLine command, String message) {
    err.println("dlt: " + message);
    err.print("usage: " + command.getHelp().synopsis("usage: ".length()));
    err.println(command.getCommandSpec().qualifiedName() + " --help tells more");
    return USAGE;
  }
}
