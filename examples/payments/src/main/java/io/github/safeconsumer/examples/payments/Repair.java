package io.github.safeconsumer.examples.payments;

import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.ReplayReport;
import java.util.Map;

/**
 * What an operator does once the cause is mended: the payments that failed, then those that waited
 * for them, back to the topic, each in its order and each once. {@code examples/run dlt} does the
 * same on the command line.
 */
final class Repair {
  private Repair() {}

  static long sendOn(String bootstrapServers, String id) {
    return sendOn(bootstrapServers, Payments.FAILED, id)
        + sendOn(bootstrapServers, Payments.HELD, id);
  }

  private static long sendOn(String bootstrapServers, String topic, String id) {
    try (DeadLetters letters =
        DeadLetters.open(Map.of("bootstrap.servers", bootstrapServers), topic)) {
      // The id of one topic and one repair: run again with it, nothing is sent a second time.
      ReplayReport report = letters.replay(letter -> true, ReplayOptions.id(topic + "-" + id));
      if (!report.clean()) {
        throw new IllegalStateException("not all could be sent on: " + report);
      }
      return report.sent();
    }
  }
}
