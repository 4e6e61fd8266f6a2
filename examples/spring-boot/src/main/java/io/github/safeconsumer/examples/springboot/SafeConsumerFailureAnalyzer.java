package io.github.safeconsumer.examples.springboot;

import io.github.safeconsumer.ConfigurationException;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Settings that cannot work, as Boot prints what keeps an application from starting: all of them at
 * once, without a stack trace. Registered in {@code META-INF/spring.factories}.
 */
final class SafeConsumerFailureAnalyzer extends AbstractFailureAnalyzer<ConfigurationException> {
  @Override
  protected FailureAnalysis analyze(Throwable root, ConfigurationException cause) {
    String description =
        cause.findings().stream()
            .map(one -> "  " + one.setting() + "=" + one.value() + ": " + one.rule())
            .collect(Collectors.joining("\n", "The consumer cannot work with its settings:\n", ""));
    String action =
        cause.findings().stream()
            .map(one -> "  " + one.setting() + ": " + one.remedy())
            .collect(
                Collectors.joining(
                    "\n",
                    "Change these below 'safeconsumer', Kafka's own below 'safeconsumer.kafka':\n",
                    ""));
    return new FailureAnalysis(description, action, cause);
  }
}
