package io.github.safeconsumer.integration;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The program of somebody who embeds the library, with nothing but its jars; see {@link
 * EmbedderIT}.
 */
final class EmbedderMain {
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(20);

  private EmbedderMain() {}

  /** Takes the brokers, a topic and how many of its records to handle. Prints what it does. */
  public static void main(String[] args) throws InterruptedException {
    CountDownLatch left = new CountDownLatch(Integer.parseInt(args[2]));
    SafeConsumer<String, String> consumer =
        SafeConsumer.<String, String>builder()
            .kafka(Map.of("bootstrap.servers", args[0], "group.id", args[1]))
            .kafka("auto.offset.reset", "earliest")
            .topics(args[1])
            .keyDeserializer(StringDeserializer::new)
            .valueDeserializer(StringDeserializer::new)
            .deadLetter(DeadLetterPolicy.none())
            .handler(
                RecordHandler.of(
                    (record, context) -> {
                      System.out.println("handled " + record.value());
                      left.countDown();
                    }))
            .build();
    System.out.println("client " + jarOf(KafkaConsumer.class));
    System.out.println("started " + consumer.start().join().result());
    left.await();
    CloseReport report = consumer.close(CLOSE_BOUND);
    System.out.println("closed " + (report.clean() ? "clean" : report));
  }

  private static String jarOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }
}
