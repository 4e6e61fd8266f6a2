package io.github.safeconsumer.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.localkafka.LocalKafka;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service as an orchestrator runs it: a process, probes, SIGTERM. */
@Timeout(180)
class ServiceTest {
  private static final int SIGTERM_EXIT = 143;
  private static final int CONFIGURATION_EXIT = 78;

  private static Process start(Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Service.class.getName())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static int get(int port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  private static String awaitLine(BufferedReader out, String start) throws Exception {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(start)) {
        return line;
      }
    }
    throw new AssertionError("the service ended without a line of " + start);
  }

  @Test
  void shouldAnswerItsProbesAndHandOverEverythingAtSigterm() throws Exception {
    try (LocalKafka kafka = LocalKafka.start(1);
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("orders", 1, (short) 1), new NewTopic("orders.dlt", 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
      for (int i = 0; i < 3; i++) {
        producer.send(new ProducerRecord<>("orders", "key", "order")).get(30, TimeUnit.SECONDS);
      }
      Process service =
          start(
              Map.of(
                  "TOPIC", "orders",
                  "PORT", "0",
                  "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                  "KAFKA_GROUP_ID", "service"));
      try (BufferedReader out = service.inputReader()) {
        int port = Integer.parseInt(awaitLine(out, "probes at port ").substring(15));
        awaitLine(out, "handled orders@2");
        assertThat(get(port, "/live")).isEqualTo(200);
        assertThat(get(port, "/ready")).isEqualTo(200);
        assertThat(get(port, "/metrics")).isEqualTo(200);
        assertThat(get(port, "/diagnosis")).isEqualTo(200);
        service.destroy(); // SIGTERM
        assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).isEqualTo(SIGTERM_EXIT);
      } finally {
        service.destroyForcibly();
      }
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets("service")
              .partitionsToOffsetAndMetadata()
              .get(30, TimeUnit.SECONDS);
      assertThat(committed.get(new TopicPartition("orders", 0)).offset()).isEqualTo(3);
    }
  }

  @Test
  void shouldSayWhatIsMissingAndNotStart() throws Exception {
    Process service = start(Map.of("TOPIC", "orders", "KAFKA_GROUP_ID", "service"));
    try (BufferedReader out = service.inputReader()) {
      assertThat(out.lines()).anyMatch(line -> line.contains("bootstrap.servers"));
      assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(service.exitValue()).isEqualTo(CONFIGURATION_EXIT);
    }
  }

  @Test
  void shouldNameTheVariableThatMeansNothing() {
    assertThatThrownBy(() -> Environment.read(Map.of()))
        .hasMessage("TOPIC is not set: the topic to read");
    assertThatThrownBy(() -> Environment.read(Map.of("TOPIC", "orders", "PORT", "80a")))
        .hasMessage("PORT=80a must be a number from 0 to 65535");
    assertThat(Environment.read(Map.of("TOPIC", "t", "KAFKA_MAX_POLL_RECORDS", "7")).kafka())
        .containsEntry("max.poll.records", "7");
  }
}
