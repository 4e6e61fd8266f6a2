package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.doctor.Answers.Unanswered;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** For how long topics keep their records. */
final class Retentions {
  private final Admin admin;

  Retentions(Admin admin) {
    this.admin = admin;
  }

  Map<String, Duration> of(Set<String> topics, List<String> unseen) {
    Map<String, Duration> found = new HashMap<>();
    if (topics.isEmpty()) {
      return found;
    }
    admin
        .describeConfigs(
            topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList(),
            new DescribeConfigsOptions().timeoutMs(Answers.millis()))
        .values()
        .forEach(
            (topic, answer) -> {
              try {
                Config config = Answers.get(answer);
                of(config).ifPresent(kept -> found.put(topic.name(), kept));
                if (isBoundedBySize(config)) {
                  unseen.add(
                      "when topic "
                          + topic.name()
                          + " deletes records for its size (retention.bytes)");
                }
              } catch (Unanswered e) {
                unseen.add(
                    "for how long topic "
                        + topic.name()
                        + " keeps records ("
                        + e.name()
                        + "): grant DESCRIBE_CONFIGS on it to be told");
              }
            });
    return found;
  }

  private static Optional<Duration> of(Config config) {
    return deletes(config)
        ? number(config, TopicConfig.RETENTION_MS_CONFIG).map(Duration::ofMillis)
        : Optional.empty();
  }

  private static boolean isBoundedBySize(Config config) {
    return deletes(config) && number(config, TopicConfig.RETENTION_BYTES_CONFIG).isPresent();
  }

  private static boolean deletes(Config config) {
    ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
    return policy != null
        && policy.value() != null
        && policy.value().contains(TopicConfig.CLEANUP_POLICY_DELETE);
  }

  /** Empty for none and for -1, which is without bound. */
  private static Optional<Long> number(Config config, String name) {
    ConfigEntry entry = config.get(name);
    return entry == null || entry.value() == null
        ? Optional.empty()
        : Optional.of(Long.parseLong(entry.value())).filter(number -> number >= 0);
  }
}
