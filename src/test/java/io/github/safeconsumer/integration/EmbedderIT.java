package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.support.ChildJvm;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.EmbedderClassPath;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbedderIT {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @Test
  void shouldRunOnItsOwnDependenciesAlone() {
    assertRunsOn(EmbedderClassPath.library());
  }

  @Test
  void shouldRunWithoutTheJacksonJars() {
    EmbedderClassPath classPath = EmbedderClassPath.library().withoutJackson();
    assertThat(classPath.artifacts()).noneMatch(artifact -> artifact.contains("jackson"));

    assertRunsOn(classPath);
  }

  @Test
  void shouldRunOnTheOldestSupportedClient() {
    EmbedderClassPath classPath = EmbedderClassPath.library().withOldestClient();

    assertThat(assertRunsOn(classPath)).anyMatch(line -> line.endsWith("kafka-clients-3.9.2.jar"));
  }

  /** Runs the embedder's program to its end and returns what it printed. */
  private static List<String> assertRunsOn(EmbedderClassPath classPath) {
    String brokers = SharedKafka.bootstrapServers();
    String topic = Topics.create(brokers, "embedder", 1);
    Clients.produce(brokers, topic, "a", "b");
    try (ChildJvm embedder =
        ChildJvm.start(
            classPath.value(),
            List.of("-Xmx128m"),
            EmbedderMain.class.getName(),
            brokers,
            topic,
            "2")) {
      embedder.awaitLine("handled b", BOUND);
      embedder.awaitLine("closed clean", BOUND);
      assertThat(embedder.awaitExit(BOUND)).isZero();
      return embedder.lines();
    }
  }
}
