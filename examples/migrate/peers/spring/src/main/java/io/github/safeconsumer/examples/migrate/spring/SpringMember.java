package io.github.safeconsumer.examples.migrate.spring;

import io.github.safeconsumer.examples.migrate.member.Journal;
import io.github.safeconsumer.examples.migrate.member.Member;
import io.github.safeconsumer.examples.migrate.member.Spec;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListener;

/** A listener container with its defaults: it commits after each poll's records. */
public final class SpringMember implements Member {
  private ConcurrentMessageListenerContainer<String, String> container;

  /** Made by name. */
  public SpringMember() {}

  @Override
  public void start(Spec spec, Journal journal) {
    ContainerProperties properties = new ContainerProperties(spec.topic());
    properties.setMessageListener((MessageListener<String, String>) journal::handle);
    container =
        new ConcurrentMessageListenerContainer<>(
            new DefaultKafkaConsumerFactory<String, String>(spec.kafka()), properties);
    container.start();
  }

  @Override
  public void close() {
    container.stop();
  }
}
