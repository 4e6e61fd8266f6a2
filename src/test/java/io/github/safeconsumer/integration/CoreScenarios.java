package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What must hold on any broker, wherever it runs. Subclasses say where. */
abstract class CoreScenarios {
  abstract String bootstrapServers();

  @Test
  void shouldReachTheBroker() {
    String topic = Topics.create(bootstrapServers(), "reach", 1);

    Clients.produce(bootstrapServers(), topic, "a", "b");

    assertThat(Clients.read(bootstrapServers(), topic, 2))
        .extracting(ConsumerRecord::value)
        .containsExactly("a", "b");
  }
}
