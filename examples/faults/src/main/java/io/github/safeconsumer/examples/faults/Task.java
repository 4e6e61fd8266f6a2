package io.github.safeconsumer.examples.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The value of a record.
 *
 * @param deed what is to be done
 * @param latency how long the work takes besides
 */
record Task(Deed deed, Duration latency) {
  private static final String SEPARATOR = " ";

  static Task of(Deed deed, Duration latency) {
    return new Task(deed, latency);
  }

  byte[] toBytes() {
    return (deed + SEPARATOR + latency.toMillis()).getBytes(StandardCharsets.UTF_8);
  }

  /** What both sides read values with. */
  static final class Reader implements Deserializer<Task> {
    @Override
    public Task deserialize(String topic, byte[] data) {
      String[] words = new String(data, StandardCharsets.UTF_8).split(SEPARATOR);
      try {
        return new Task(Deed.valueOf(words[0]), Duration.ofMillis(Long.parseLong(words[1])));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new SerializationException("these bytes are no task", e);
      }
    }
  }
}
