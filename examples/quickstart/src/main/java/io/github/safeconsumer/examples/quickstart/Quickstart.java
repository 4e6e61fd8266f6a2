package io.github.safeconsumer.examples.quickstart;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.State;
import io.github.safeconsumer.localkafka.Sandbox;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A first consumer. Without arguments it brings a broker and ten orders along, one of them bad;
 * with {@code --bootstrap ADDRESS --topic NAME} it reads a topic of yours and prints what it reads,
 * from the beginning, until Ctrl-C.
 */
public final class Quickstart {
  private Quickstart() {}

  /** This is all it takes. */
  static SafeConsumer<String, String> consumer(
      String bootstrapServers, String topic, RecordHandler<String, String> handler) {
    return SafeConsumer.<String, String>builder()
        .kafka(Map.of("bootstrap.servers", bootstrapServers, "group.id", "quickstart"))
        .topics(topic)
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .deadLetter(DeadLetterPolicy.suffix(".dlt").createIfMissing())
        .handler(handler)
        .build();
  }

  public static void main(String[] arguments) throws Exception {
    List<String> given = List.of(arguments);
    if (given.isEmpty()) {
      try (Sandbox sandbox = Sandbox.start()) {
        System.exit(new OwnBroker(sandbox, System.out).run() ? 0 : 1);
      }
    }
    if (given.size() != 4
        || !given.get(0).equals("--bootstrap")
        || !given.get(2).equals("--topic")) {
      System.err.println("usage: examples/run quickstart [--bootstrap ADDRESS --topic NAME]");
      System.exit(64);
    }
    try (SafeConsumer<String, String> consumer =
        consumer(
            given.get(1),
            given.get(3),
            RecordHandler.of(
                (record, context) -> System.out.println(record.key() + " = " + record.value())))) {
      consumer.start().thenAccept(joined -> System.out.println(joined.reason()));
      CloseReport end = consumer.closed().join(); // Ctrl-C closes it
      System.exit(end.state() == State.FAILED ? 1 : 0);
    }
  }
}
