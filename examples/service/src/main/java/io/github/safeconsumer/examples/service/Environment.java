package io.github.safeconsumer.examples.service;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Settings from environment variables, as containers get them: {@code KAFKA_BOOTSTRAP_SERVERS} is
 * {@code bootstrap.servers}, and so on for every setting of Kafka's consumer; {@code TOPIC}, {@code
 * CONCURRENCY} and {@code PORT} are the service's own.
 */
record Environment(Map<String, Object> kafka, String topic, int concurrency, int port) {
  private static final String KAFKA = "KAFKA_";
  private static final int HIGHEST_PORT = 65_535;

  /**
   * @throws IllegalArgumentException naming the variable that is missing or means nothing
   */
  static Environment read(Map<String, String> variables) {
    Map<String, Object> kafka = new HashMap<>();
    variables.forEach(
        (name, value) -> {
          if (name.startsWith(KAFKA)) {
            kafka.put(
                name.substring(KAFKA.length()).toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    String topic = variables.get("TOPIC");
    if (topic == null || topic.isBlank()) {
      throw new IllegalArgumentException("TOPIC is not set: the topic to read");
    }
    return new Environment(
        kafka,
        topic,
        number(variables, "CONCURRENCY", 4, 10_000),
        number(variables, "PORT", 8080, HIGHEST_PORT));
  }

  private static int number(Map<String, String> variables, String name, int otherwise, int most) {
    String text = variables.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text.trim());
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException no) {
      // told below
    }
    throw new IllegalArgumentException(name + "=" + text + " must be a number from 0 to " + most);
  }
}
