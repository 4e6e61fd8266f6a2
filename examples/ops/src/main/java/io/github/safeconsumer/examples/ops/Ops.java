package io.github.safeconsumer.examples.ops;

import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.examples.dlt.Dlt;
import io.github.safeconsumer.examples.doctor.Doctor;
import io.github.safeconsumer.examples.preflight.CheckFile;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The commands of the other examples as one command line. To add one of your own, write a picocli
 * command and name it in {@link #commandLine}.
 */
@Command(
    name = "examples/run ops",
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Ops.Version.class,
    description = {"What one needs at hand to operate Kafka consumers.", ""},
    footer = {
      "",
      "COMMAND --help tells its flags and its exit codes. Common to all: 0 where all is well, 1"
          + " (of preflight also 2) where something is not, 64 for arguments that mean nothing, 69 where the cluster"
          + " refuses or does not answer."
    })
public final class Ops implements Callable<Integer> {
  private static final int USAGE = 64;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "show versions")
  private boolean version;

  private Ops() {}

  public static void main(String[] args) {
    CountDownLatch ends = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(ends::countDown));
    System.exit(run(List.of(args), System.out, System.err, ends));
  }

  /**
   * @param ends counted down when a command that goes on is to end
   */
  static int run(List<String> args, PrintStream out, PrintStream err, CountDownLatch ends) {
    return commandLine(out, err, ends).execute(args.toArray(String[]::new));
  }

  static CommandLine commandLine(PrintStream out, PrintStream err, CountDownLatch ends) {
    CommandLine ops =
        new CommandLine(new Ops())
            .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setExpandAtFiles(false);
    // Of the whole tree picocli asks only the root what to do: each command answers for itself.
    ops.setParameterExceptionHandler(
        (wrong, given) ->
            wrong.getCommandLine() == ops
                ? usage(err, ops, wrong.getMessage())
                : wrong
                    .getCommandLine()
                    .getParameterExceptionHandler()
                    .handleParseException(wrong, given));
    ops.setExecutionExceptionHandler(
        (thrown, command, result) -> {
          if (command == ops) {
            throw thrown;
          }
          return command
              .getExecutionExceptionHandler()
              .handleExecutionException(thrown, command, result);
        });
    // After the settings above, which would otherwise replace those of the commands.
    return ops.addSubcommand(Doctor.commandLine(out, err, ends))
        .addSubcommand(CheckFile.commandLine(out, err))
        .addSubcommand(Dlt.commandLine(out, err))
        .addSubcommand(completion(out, err));
  }

  private static int usage(PrintStream err, CommandLine ops, String message) {
    err.println("ops: " + message);
    err.print("usage: " + ops.getHelp().synopsis("usage: ".length()));
    err.println(ops.getCommandSpec().qualifiedName() + " --help tells more");
    return USAGE;
  }

  private static CommandLine completion(PrintStream out, PrintStream err) {
    return new CommandLine(new Completion(out))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler(
            (wrong, given) -> usage(err, wrong.getCommandLine(), wrong.getMessage()));
  }

  /** Alone it tells what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /** Where the shell knows this as {@code ops}, it can complete commands and flags. */
  @Command(
      name = "completion",
      usageHelpAutoWidth = true,
      description = {
        "Prints a completion script for bash and zsh.",
        "It is for a function named ops:",
        "  ops() { examples/run ops \"$@\"; }",
        "  source <(ops completion)"
      })
  static final class Completion implements Callable<Integer> {
    private final PrintStream out;

    @Spec private CommandSpec spec;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "show this")
    private boolean help;

    Completion(PrintStream out) {
      this.out = out;
    }

    @Override
    public Integer call() {
      out.print(AutoComplete.bash("ops", spec.root().commandLine()));
      return 0;
    }
  }

  /** Of the library and Java: what a bug report asks for. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "safe-consumer " + SafeConsumer.class.getPackage().getImplementationVersion(),
        "java " + System.getProperty("java.version")
      };
    }
  }
}
