package io.github.safeconsumer.examples.springboot;

import io.github.safeconsumer.Health.Level;
import io.github.safeconsumer.SafeConsumer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * One indicator for each probe. They are apart, since a restart helps against what liveness says,
 * and makes worse what readiness says.
 */
@Configuration(proxyBeanMethods = false)
public class SafeConsumerHealth {
  @Bean
  HealthIndicator safeConsumerLiveness(SafeConsumer<?, ?> consumer) {
    return () -> answer(consumer.health().liveness(), consumer);
  }

  @Bean
  HealthIndicator safeConsumerReadiness(SafeConsumer<?, ?> consumer) {
    return () -> answer(consumer.health().readiness(), consumer);
  }

  private static Health answer(Level level, SafeConsumer<?, ?> consumer) {
    return (level == Level.UP ? Health.up() : Health.down())
        .withDetail("state", consumer.status().state())
        .withDetail("reasons", consumer.health().reasons())
        .build();
  }
}
