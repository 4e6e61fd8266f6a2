package io.github.safeconsumer.integration;

import io.github.safeconsumer.support.DockerOrSayWhy;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** In a container, as users run theirs. The one class that may be left out: where no Docker is. */
@ExtendWith(DockerOrSayWhy.class)
@Testcontainers(disabledWithoutDocker = true)
class CoreContainerIT extends CoreScenarios {
  @Container private static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka:4.3.1");

  @Override
  String bootstrapServers() {
    return KAFKA.getBootstrapServers();
  }
}
