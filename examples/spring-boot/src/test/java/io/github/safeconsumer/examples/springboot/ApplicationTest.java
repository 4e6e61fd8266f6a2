package io.github.safeconsumer.examples.springboot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.State;
import io.github.safeconsumer.localkafka.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The application as a whole, on a broker; each test with topics of its own. */
@Timeout(180)
class ApplicationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ORDER = "{\"id\":\"%s\",\"quantity\":1}";

  private static Sandbox sandbox;

  @BeforeAll
  static void start() {
    LoggingSystem.get(ApplicationTest.class.getClassLoader()).beforeInitialize();
    sandbox = Sandbox.start();
  }

  @AfterAll
  static void end() {
    sandbox.close();
  }

  /** Topic and group have the same name. */
  private static String[] arguments(String name, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--safeconsumer.topics=" + name,
                "--safeconsumer.kafka.group.id=" + name,
                "--safeconsumer.kafka.bootstrap.servers=" + sandbox.bootstrapServers()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static ConfigurableApplicationContext run(String[] arguments, Class<?>... beans) {
    return new SpringApplicationBuilder(Application.class).sources(beans).run(arguments);
  }

  private static HttpResponse<String> get(ConfigurableApplicationContext context, String path)
      throws Exception {
    String port = context.getEnvironment().getProperty("local.server.port");
    URI address = URI.create("http://localhost:" + port + "/actuator/" + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
  }

  @Test
  void shouldDoWhatTheDemoSays() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    assertThat(new Demo(sandbox, new PrintStream(shown, true, UTF_8)).run())
        .as(shown.toString(UTF_8))
        .isTrue();
  }

  @Test
  void shouldLetTheRunningHandlerEndAndCommitItWhenTheContextCloses() throws Exception {
    sandbox.topic("drained", 1).topic("drained.dlt", 1);
    sandbox.send("drained", "a", ORDER.formatted("a"));
    ConfigurableApplicationContext context = run(arguments("drained"), SlowWork.class);
    SlowWarehouse warehouse = context.getBean(SlowWarehouse.class);
    assertThat(warehouse.begun.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(sandbox.committed("drained", "drained").getOrDefault(0, 0L)).isZero();

    CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
    SafeConsumer<?, ?> consumer = context.getBean(SafeConsumer.class);
    await().atMost(PATIENCE).until(() -> consumer.status().state() == State.CLOSING);
    warehouse.goOn.countDown();
    closed.get(60, TimeUnit.SECONDS);

    assertThat(warehouse.shipped()).isEqualTo(1);
    assertThat(sandbox.committed("drained", "drained")).isEqualTo(Map.of(0, 1L));
  }

  @Test
  void shouldNotBeReadyButAliveWhileARecordHoldsItsLane() throws Exception {
    sandbox.topic("blocked", 1);
    sandbox.send("blocked", "a", "no order");
    try (ConfigurableApplicationContext context =
        run(arguments("blocked", "--safeconsumer.dead-letter-suffix="))) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(get(context, "health/readiness").body())
                      .contains("\"DOWN\"", "blocked-0@0"));
      assertThat(get(context, "health/readiness").statusCode()).isEqualTo(503);
      assertThat(get(context, "health/liveness").statusCode()).isEqualTo(200);
      assertThat(get(context, "safeconsumer/diagnosis").body()).contains("BLOCKED_RECORD");
      assertThat(get(context, "safeconsumer").body()).contains("\"topic\":\"blocked\"", "RUNNING");
      assertThat(get(context, "safeconsumer/else").statusCode()).isEqualTo(404);
      assertThat(get(context, "prometheus").body())
          .containsPattern("safeconsumer_health\\{.*probe=\"readiness\".*} 0");
    }
    assertThat(sandbox.committed("blocked", "blocked").getOrDefault(0, 0L)).isZero();
  }

  @Test
  void shouldNameTheSettingThatIsWrongAndTheRemedy() throws Exception {
    String[] wrong = {"--safeconsumer.concurrency=0", "--safeconsumer.kafka.max.poll.records=lots"};
    assertThat(refusal("wrong", wrong))
        .contains("concurrency=0: ", "max.poll.records=lots: ", "below 'safeconsumer.kafka'");
    assertThat(refusal("no-duration", "--safeconsumer.handler-timeout=soon"))
        .contains("safeconsumer.handler-timeout", "'soon' is not a valid duration");
  }

  private static String refusal(String name, String... more) throws Exception {
    Process process = fork(name, more);
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    String output = Files.readString(log(name));
    assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("\tat ");
    return output;
  }

  @Test
  void shouldEndTheProcessWithOneWhenTheConsumerFailsForGood() throws Exception {
    sandbox.topic("failed", 1); // and no failed.dlt
    Process process = fork("failed");
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
  }

  @Test
  void shouldCommitAndEndAtSigterm() throws Exception {
    sandbox.topic("ended", 1).topic("ended.dlt", 1);
    sandbox.send("ended", "a", "no order");
    Process process = fork("ended");
    try {
      assertThat(sandbox.read("ended.dlt", 1)).hasSize(1);
      process.destroy(); // SIGTERM
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
    assertThat(sandbox.committed("ended", "ended")).isEqualTo(Map.of(0, 1L));
    assertThat(Files.readString(log("ended")))
        .contains("consumer closed: CloseReport[clean=true, state=CLOSED");
  }

  private static Path log(String name) {
    return Path.of("target", name + ".log");
  }

  private static Process fork(String name, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Application.class.getName()));
    command.addAll(List.of(arguments(name, more)));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log(name).toFile())
        .start();
  }

  /** Ships when it is told to. */
  static final class SlowWarehouse extends Warehouse {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public void ship(Order order) {
      begun.countDown();
      try {
        goOn.await();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException("the handler was interrupted", interrupted);
      }
      super.ship(order);
    }
  }

  static class SlowWork {
    @Bean
    @Primary
    SlowWarehouse slowWarehouse() {
      return new SlowWarehouse();
    }
  }
}
