package io.github.safeconsumer.examples.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * What a member's process is told.
 *
 * @param side how it consumes
 * @param member its number in the group
 * @param journal where it writes down what it does
 * @param bootstrapServers the broker
 * @param topic where the records are; names the group too
 * @param port of what the handler connects to
 * @param options what differs from fault to fault
 */
record MemberSettings(
    Side side,
    int member,
    Path journal,
    String bootstrapServers,
    String topic,
    int port,
    Options options) {
  private static final String FILE = "/consumer.properties";

  /**
   * What differs from fault to fault.
   *
   * @param maxPollInterval of both sides
   * @param concurrency of a SafeConsumer
   * @param handlerTimeout of a SafeConsumer
   * @param heapMegabytes of both sides
   */
  record Options(
      Duration maxPollInterval, int concurrency, Duration handlerTimeout, int heapMegabytes) {}

  /** The group that reads a topic. */
  static String group(String topic) {
    return topic + ".group";
  }

  static String deadLetterTopic(String topic) {
    return topic + ".dlt";
  }

  List<String> toArguments() {
    return List.of(
        side.name(),
        String.valueOf(member),
        journal.toString(),
        bootstrapServers,
        topic,
        String.valueOf(port),
        options.maxPollInterval.toString(),
        String.valueOf(options.concurrency),
        options.handlerTimeout.toString(),
        String.valueOf(options.heapMegabytes));
  }

  static MemberSettings parse(String[] arguments) {
    return new MemberSettings(
        Side.valueOf(arguments[0]),
        Integer.parseInt(arguments[1]),
        Path.of(arguments[2]),
        arguments[3],
        arguments[4],
        Integer.parseInt(arguments[5]),
        new Options(
            Duration.parse(arguments[6]),
            Integer.parseInt(arguments[7]),
            Duration.parse(arguments[8]),
            Integer.parseInt(arguments[9])));
  }

  /** The settings of Kafka's own consumer, the same for both sides. */
  Map<String, Object> kafka() {
    Properties file = new Properties();
    try (InputStream in = MemberSettings.class.getResourceAsStream(FILE)) {
      file.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + FILE, e);
    }
    Map<String, Object> settings = new HashMap<>();
    file.stringPropertyNames().forEach(name -> settings.put(name, file.getProperty(name)));
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group(topic));
    settings.put(
        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
        Math.toIntExact(options.maxPollInterval.toMillis()));
    return settings;
  }
}
