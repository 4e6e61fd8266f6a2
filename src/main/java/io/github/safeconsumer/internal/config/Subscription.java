package io.github.safeconsumer.internal.config;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is read: topics by name, or by pattern (which already excludes the consumer's own
 * dead-letter topics).
 *
 * @param topics empty where a pattern is given
 */
public record Subscription(List<String> topics, @Nullable Pattern pattern) {
  public Subscription {
    topics = List.copyOf(topics);
  }

  /** Whether this consumer would read the topic. */
  public boolean covers(String topic) {
    return pattern == null ? topics.contains(topic) : pattern.matcher(topic).matches();
  }
}
