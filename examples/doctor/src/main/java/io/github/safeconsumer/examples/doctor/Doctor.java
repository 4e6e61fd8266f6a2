package io.github.safeconsumer.examples.doctor;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.GroupDoctor;
import io.github.safeconsumer.GroupReport;
import java.io.IOException;
import java.io.PrintStream;
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
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "examples/run doctor",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Why the lag of a consumer group grows, whoever its members are. Looks from outside, joins",
      "nothing and changes nothing.",
      ""
    },
    footer = {
      "",
      "Exit code: 0 nothing is wrong; 1 something is; 64 for arguments that mean nothing; 69 where",
      "the cluster refuses or does not answer."
    })
public final class Doctor implements Callable<Integer> {
  static final int FINE = 0;
  static final int TROUBLE = 1;
  static final int USAGE = 64;
  static final int UNAVAILABLE = 69;

  private static final long LEAST_SECONDS = 1;

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
      description = "between two looks (5): rates, and whether anything moves, need two")
  private long between;

  @Option(names = "--json", description = "for programs: one report a line")
  private boolean json;

  @Option(names = "--watch", description = "look again and again until it is interrupted")
  private boolean watch;

  @Option(
      names = "--serve",
      paramLabel = "PORT",
      description = "draw it on a page at http://localhost:PORT/ (0 for any port)")
  private Integer port;

  private final PrintStream out;
  private final CountDownLatch ends;

  Doctor(PrintStream out, CountDownLatch ends) {
    this.out = out;
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
    return new CommandLine(new Doctor(out, ends))
        .setOut(new java.io.PrintWriter(out, true))
        .setErr(new java.io.PrintWriter(err, true))
        .setParameterExceptionHandler(
            (wrong, given) -> {
              err.println("doctor: " + wrong.getMessage());
              err.println("examples/run doctor --help tells more");
              return USAGE;
            })
        .setExecutionExceptionHandler(
            (thrown, command, result) -> {
              if (thrown instanceof ConfigurationException refused) {
                err.println("doctor: " + refused.getMessage());
                return USAGE;
              }
              if (thrown instanceof KafkaException unavailable) {
                err.println("doctor: " + unavailable.getMessage());
                return UNAVAILABLE;
              }
              throw thrown;
            })
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    Duration pause = Duration.ofSeconds(Math.max(LEAST_SECONDS, between));
    try (GroupDoctor doctor = GroupDoctor.open(kafka(), group)) {
      if (port != null) {
        return serve(doctor, pause);
      }
      doctor.look();
      GroupReport report;
      do {
        if (ends.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return FINE;
        }
        report = doctor.look();
        show(report);
      } while (watch);
      return report.isTrouble() ? TROUBLE : FINE;
    }
  }

  private int serve(GroupDoctor doctor, Duration pause) throws Exception {
    History history = new History();
    try (Page page = Page.open(port, history)) {
      out.println("http://localhost:" + page.port() + "/ (only from this machine)");
      do {
        try {
          history.add(doctor.look());
        } catch (KafkaException away) {
          history.failed(away.getMessage());
        }
      } while (!ends.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    }
    return FINE;
  }

  private void show(GroupReport report) {
    if (json) {
      out.println(report.toJson());
    } else {
      Table.of(report).forEach(out::println);
      out.println();
    }
  }

  private Map<String, Object> kafka() throws IOException {
    Map<String, Object> settings = new HashMap<>();
    if (config != null) {
      Properties properties = new Properties();
      try (Reader in = Files.newBufferedReader(config, StandardCharsets.UTF_8)) {
        properties.load(in);
      }
      properties.stringPropertyNames().forEach(key -> settings.put(key, properties.get(key)));
    }
    settings.put("bootstrap.servers", bootstrap);
    return settings;
  }
}
