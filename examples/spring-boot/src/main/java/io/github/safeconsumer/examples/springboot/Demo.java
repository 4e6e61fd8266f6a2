package io.github.safeconsumer.examples.springboot;

import io.github.safeconsumer.localkafka.Sandbox;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application with a broker of its own and a few orders, looked at through its endpoints. With
 * arguments it is the {@link Application} alone, with Spring's own flags.
 */
final class Demo {
  static final String TOPIC = "orders";
  static final int ORDERS = 20;
  private static final int NO_JSON = 7;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern SHOWN =
      Pattern.compile("safeconsumer_records_(handled|dead_lettered)_total.*");

  private final Sandbox sandbox;
  private final PrintStream out;
  private final HttpClient http = HttpClient.newHttpClient();
  private String address;

  Demo(Sandbox sandbox, PrintStream out) {
    this.sandbox = sandbox;
    this.out = out;
  }

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      Application.main(args);
      return;
    }
    // Until Boot has read where the log goes, there is none.
    LoggingSystem.get(Demo.class.getClassLoader()).beforeInitialize();
    boolean passed;
    try (Sandbox sandbox = Sandbox.start()) {
      passed = new Demo(sandbox, System.out).run();
    }
    System.exit(passed ? 0 : 1);
  }

  /** Whether all came out as it should. */
  boolean run() throws Exception {
    sandbox.topic(TOPIC, 3).topic(TOPIC + ".dlt", 1);
    for (int i = 0; i < ORDERS; i++) {
      String order = "{\"id\":\"order-%d\",\"quantity\":%d}".formatted(i, i % 3 + 1);
      sandbox.send(TOPIC, "customer-" + i % 5, i == NO_JSON ? "no order" : order);
    }
    out.println(ORDERS + " orders wait, one of them is no JSON. The application starts ...");
    ConfigurableApplicationContext context =
        SpringApplication.run(
            Application.class,
            "--server.port=0",
            "--safeconsumer.kafka.bootstrap.servers=" + sandbox.bootstrapServers(),
            "--spring.main.banner-mode=off",
            "--logging.threshold.console=off",
            "--logging.file.name=" + System.getProperty("examples.target", "target") + "/run.log");
    address = "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
    boolean passed =
        context.getBean(Warehouse.class).await(ORDERS - 1, PATIENCE)
            & shows("dead letter", sandbox.read(TOPIC + ".dlt", 1).get(0).value(), "no order")
            & shows("liveness", get("/actuator/health/liveness"), "UP")
            & shows("readiness", get("/actuator/health/readiness"), "UP")
            & shows("diagnosis", get("/actuator/safeconsumer/diagnosis"), "NOTHING_WRONG");
    List<String> meters =
        get("/actuator/prometheus").lines().filter(SHOWN.asMatchPredicate()).toList();
    meters.forEach(out::println);

    passed &= SpringApplication.exit(context) == 0;
    Map<Integer, Long> committed = sandbox.committed("fulfilment", TOPIC);
    out.println("The context is closed. Committed offsets by partition: " + committed);
    long all = committed.values().stream().mapToLong(Long::longValue).sum();
    return passed && meters.size() == 2 && all == ORDERS;
  }

  private boolean shows(String what, String text, String part) {
    out.println(what + ": " + text);
    return text.contains(part);
  }

  private String get(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString())
        .body();
  }
}
