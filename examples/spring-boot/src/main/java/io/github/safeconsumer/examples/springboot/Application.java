package io.github.safeconsumer.examples.springboot;

import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.micrometer.SafeConsumerMetrics;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * What is yours: the consumer bean with its types, and the handler bean. The classes whose names
 * begin with {@code SafeConsumer}, and {@code META-INF/spring.factories}, can be copied as they
 * are; {@code application.yaml} says which health indicator belongs to which probe.
 */
@SpringBootApplication
@EnableConfigurationProperties(SafeConsumerProperties.class)
public class Application {

  /** {@link SafeConsumerLifecycle} starts and closes it, so Spring has nothing to destroy. */
  @Bean(destroyMethod = "")
  SafeConsumer<String, Order> consumer(SafeConsumerProperties properties, OrderHandler handler) {
    return properties
        .<String, Order>builder()
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(() -> JsonDeserializer.of(Order.class))
        .handler(handler)
        .build();
  }

  /** Boot binds it to every meter registry there is. */
  @Bean
  SafeConsumerMetrics safeConsumerMetrics(SafeConsumer<?, ?> consumer) {
    return SafeConsumerMetrics.of(consumer);
  }

  public static void main(String[] args) {
    ConfigurableApplicationContext context = SpringApplication.run(Application.class, args);
    // A consumer that has failed for good ends the process: the orchestrator starts another one.
    context
        .getBean(SafeConsumerLifecycle.class)
        .whenFailed(() -> System.exit(SpringApplication.exit(context)));
  }
}
