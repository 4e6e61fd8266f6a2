package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.DeadLetters;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have that look at a dead-letter topic. */
@Command(
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", Letters.EXIT_CODES})
abstract class Letters implements Callable<Integer> {
  static final String EXIT_CODES =
      "Exit code: 0 done; 1 not all was sent, or no such letter; 64 for arguments that mean"
          + " nothing; 69 where the cluster refuses or does not answer.";

  @Spec private CommandSpec spec;

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "HOST:PORT",
      description = "brokers, several separated by commas")
  private String bootstrap = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "properties of a Kafka client: TLS, user names, passwords")
  private Path config;

  @Option(
      names = "--topic",
      required = true,
      paramLabel = "TOPIC",
      description = "the dead-letter topic")
  private String topic = "";

  @Option(names = "--json", description = "for programs")
  boolean json;

  @Option(names = "--values", description = "print keys and values, too; they can be personal data")
  boolean values;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this")
  private boolean help;

  final PrintStream out;

  Letters(PrintStream out) {
    this.out = out;
  }

  /** Reads what the flags mean before anything is connected. */
  abstract void check();

  abstract int run(DeadLetters letters);

  @Override
  public final Integer call() {
    try {
      check();
    } catch (IllegalArgumentException meaningless) {
      throw new ParameterException(spec.commandLine(), meaningless.getMessage());
    }
    try (DeadLetters letters = DeadLetters.open(kafka(), topic)) {
      return run(letters);
    }
  }

  private Properties kafka() {
    Properties settings = new Properties();
    if (config != null) {
      try (Reader reader = Files.newBufferedReader(config, StandardCharsets.UTF_8)) {
        settings.load(reader);
      } catch (IOException | IllegalArgumentException unreadable) {
        throw new ParameterException(
            spec.commandLine(), "--config " + config + ": cannot be read as a properties file");
      }
    }
    settings.setProperty("bootstrap.servers", bootstrap);
    return settings;
  }
}
