package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.localkafka.LocalKafka;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** How fast is it, beside the bare client and other libraries? See README.md. */
public final class Bench {
  private static final int FAILED = 1;
  private static final int USAGE = 64;
  private static final List<String> DEFAULT = List.of("noop-100");

  private final Options options;
  private final Path project;

  private Bench(Options options, Path project) {
    this.options = options;
    this.project = project;
  }

  /** Ends with 0, with 1 when a run has failed, with 64 for arguments that mean nothing. */
  public static void main(String[] arguments) throws Exception {
    Path project = project();
    if (arguments.length > 0 && arguments[0].equals(Micro.NAME)) {
      System.exit(Micro.run(project, Arrays.asList(arguments).subList(1, arguments.length)));
    }
    long seed = new SecureRandom().nextInt(1_000_000);
    Options options;
    try {
      options = Options.parse(arguments, project.resolve("target").resolve("results"), seed);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Options.USAGE);
      System.exit(USAGE);
      return;
    }
    System.exit(new Bench(options, project).run());
  }

  /** Where this was built: the class paths of the subjects lie beside it. */
  private static Path project() throws URISyntaxException {
    Path classes = Path.of(Bench.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return classes.getParent().getParent();
  }

  private int run() throws IOException, InterruptedException {
    Scenarios scenarios = new Scenarios(options.sizes());
    switch (options.command()) {
      case HELP -> System.out.print(Options.USAGE);
      case LIST ->
          scenarios
              .all()
              .forEach(it -> System.out.printf("%-16s %s%n", it.name(), it.description()));
      case RUN -> {
        return run(wanted(scenarios));
      }
    }
    return 0;
  }

  private List<Scenario> wanted(Scenarios scenarios) {
    if (options.scenarios().contains(Options.ALL)) {
      return scenarios.all();
    }
    List<String> names = options.scenarios().isEmpty() ? DEFAULT : options.scenarios();
    return names.stream().map(name -> scenarios.find(name).orElseThrow()).toList();
  }

  private int run(List<Scenario> wanted) throws IOException, InterruptedException {
    Files.createDirectories(options.directory());
    System.out.printf(
        "%d rounds after %d warm-ups, seed %d; starting the broker ...%n",
        options.rounds(), options.warmUps(), options.seed());
    List<ScenarioResult> results = new ArrayList<>();
    try (LocalKafka kafka = Broker.start();
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      Topics topics = new Topics(kafka.bootstrapServers(), admin);
      RunOnce once = new RunOnce(kafka.bootstrapServers(), admin, topics, options.client());
      ClassPaths classPaths = new ClassPaths(project.resolve("peers"));
      Rounds rounds = new Rounds(options, classPaths, once, System.out::println);
      for (Scenario scenario : wanted) {
        ScenarioResult result = rounds.run(scenario);
        results.add(result);
        new Report(result).tables().forEach(table -> System.out.println("\n" + table.text()));
      }
    }
    new Output(options).write(results);
    return conclude(results);
  }

  private int conclude(List<ScenarioResult> results) {
    List<ScenarioResult.Failure> failures =
        results.stream().flatMap(result -> result.failures().stream()).toList();
    failures.forEach(
        failure ->
            System.out.println(
                "FAILED: "
                    + failure.variant()
                    + " "
                    + failure.subject()
                    + "\n"
                    + failure.message()
                    + "\n"));
    System.out.println("All figures: " + options.directory());
    if (options.scenarios().isEmpty()) {
      System.out.println(
          "This was "
              + DEFAULT
              + " only: 'examples/run bench list' names all scenarios, 'all' runs them.");
    }
    return failures.isEmpty() ? 0 : FAILED;
  }
}
