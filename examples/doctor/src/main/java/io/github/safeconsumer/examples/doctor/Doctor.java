package io.github.safeconsumer.examples.doctor;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.GroupDoctor;
import io.github.safeconsumer.GroupReport;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line; alone, or as a part of another one. */
@Command(
    name = "doctor",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Why the lag of a consumer group grows, whoever its members are. Looks from outside for ten"
          + " seconds, joins nothing and changes nothing.",
      ""
    },
    footer = {
      "",
      "Exit code: 0 nothing is wrong; 1 something is; 64 for arguments that mean nothing; 69 where"
          + " the cluster refuses or does not answer."
    })
public final class Doctor implements Callable<Integer> {
  static final int FINE = 0;
  static final int TROUBLE = 1;
  static final int USAGE = 64;
  static final int UNAVAILABLE = 69;

  /** Plain consumers commit every five seconds: a shorter look cannot tell slow from stuck. */
  private static final Duration ENOUGH = Duration.ofSeconds(10);

  private static final String CLEAR = "\u001b[H\u001b[2J";

  @Spec private CommandSpec spec;

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "HOST:PORT",
      description = "brokers, several separated by commas")
  private String bootstrap = "";

  @Option(names = "--group", required = true, paramLabel = "ID", description = "the group's id")
  private String group = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "properties of a Kafka client: TLS, user names, passwords")
  private Path config;

  @Option(
      names = "--between",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "from one look to the next, 1 to 30 (5)")
  private int between;

  @Option(names = "--json", description = "for programs: one report a line")
  private boolean json;

  @Option(names = "--watch", description = "show every look, until it is interrupted")
  private boolean watch;

  @Option(
      names = "--serve",
      paramLabel = "PORT",
      description = "draw it on a page at http://localhost:PORT/ (0: any port that is free)")
  private Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "serve at this address instead of loopback; whoever reaches it sees the page, there is no"
              + " password")
  private String bind;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this")
  private boolean help;

  private final PrintStream out;
  private final PrintStream err;
  private final CountDownLatch ends;

  Doctor(PrintStream out, PrintStream err, CountDownLatch ends) {
    this.out = out;
    this.err = err;
    this.ends = ends;
  }

  public static void main(String[] args) {
    CountDownLatch ends = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(ends::countDown));
    System.exit(run(System.out, System.err, ends, args));
  }

  /**
   * @param ends counted down when it is to end
   */
  static int run(PrintStream out, PrintStream err, CountDownLatch ends, String... args) {
    return commandLine(out, err, ends).setCommandName("examples/run doctor").execute(args);
  }

  /**
   * For another command line that has it as a subcommand.
   *
   * @param ends counted down when it is to end
   */
  public static CommandLine commandLine(PrintStream out, PrintStream err, CountDownLatch ends) {
    return new CommandLine(new Doctor(out, err, ends))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(
            (wrong, given) -> usage(err, wrong.getCommandLine(), wrong.getMessage()))
        .setExecutionExceptionHandler(
            (thrown, command, result) -> {
              if (thrown instanceof ConfigurationException) {
                return usage(err, command, thrown.getMessage());
              }
              if (thrown instanceof KafkaException unavailable) {
                err.println("doctor: " + Failure.of(unavailable));
                return UNAVAILABLE;
              }
              throw thrown;
            });
  }

  private static int usage(PrintStream err, CommandLine command, String message) {
    err.println("doctor: " + message);
    err.print("usage: " + command.getHelp().synopsis("usage: ".length()));
    err.println(command.getCommandSpec().qualifiedName() + " --help tells more");
    return USAGE;
  }

  @Override
  public Integer call() throws Exception {
    if (between < 1 || between > 30) {
      throw wrong("--between " + between + ": 1 to 30 seconds");
    }
    try (GroupDoctor doctor = GroupDoctor.open(kafka(), group)) {
      if (port != null) {
        return serve(doctor);
      }
      return watch ? watch(doctor) : once(doctor);
    }
  }

  private boolean isToEnd() throws InterruptedException {
    return ends.await(between, TimeUnit.SECONDS);
  }

  private int once(GroupDoctor doctor) throws InterruptedException {
    GroupReport report = doctor.look();
    if (!json) {
      err.println("looking at group " + group + " for " + ENOUGH.toSeconds() + " seconds ...");
    }
    while (report.since().orElse(Duration.ZERO).compareTo(ENOUGH) < 0) {
      if (isToEnd()) {
        return FINE;
      }
      report = doctor.look();
    }
    show(report);
    return report.isTrouble() ? TROUBLE : FINE;
  }

  private int watch(GroupDoctor doctor) throws InterruptedException {
    show(doctor.look());
    while (!isToEnd()) {
      try {
        show(doctor.look());
      } catch (KafkaException away) {
        err.println("doctor: " + Failure.of(away));
      }
    }
    return FINE;
  }

  private int serve(GroupDoctor doctor) throws InterruptedException {
    History history = new History(group);
    try (Page page = Page.open(bind, port, history)) {
      out.println(page.address());
      do {
        try {
          history.add(doctor.look());
        } catch (KafkaException away) {
          history.failed(Failure.of(away));
        }
      } while (!isToEnd());
    } catch (IOException notBound) {
      throw wrong(
          "--serve %d --bind %s: %s; choose another port, or 0"
              .formatted(port, bind, notBound.getMessage()));
    }
    return FINE;
  }

  private void show(GroupReport report) {
    if (json) {
      out.println(report.toJson());
      return;
    }
    if (watch && Boolean.getBoolean("examples.terminal")) {
      out.print(CLEAR);
    }
    Table.of(report).forEach(out::println);
  }

  private Map<String, Object> kafka() {
    Map<String, Object> settings = new HashMap<>();
    if (config != null) {
      Properties properties = new Properties();
      try (Reader in = Files.newBufferedReader(config, StandardCharsets.UTF_8)) {
        properties.load(in);
      } catch (IOException | IllegalArgumentException unreadable) {
        throw wrong("--config " + config + ": cannot be read as a properties file");
      }
      properties
          .stringPropertyNames()
          .forEach(key -> settings.put(key, properties.getProperty(key)));
    }
    settings.put("bootstrap.servers", bootstrap);
    return settings;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
