package io.github.safeconsumer.integration;

import io.github.safeconsumer.DeadLetterFilter;
import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.ReplayOptions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A replay in a process of its own, which dies once so many records are acknowledged: in the middle
 * of a transaction.
 */
final class ReplayingMain {
  static final int EXIT = 9;

  private ReplayingMain() {}

  /** Takes the brokers, the dead-letter topic, the id and how many records it survives. */
  public static void main(String[] args) {
    Dying.LEFT.set(Integer.parseInt(args[3]));
    try (DeadLetters letters = DeadLetters.open(Map.of("bootstrap.servers", args[0]), args[1])) {
      letters.replay(
          DeadLetterFilter.all(),
          ReplayOptions.id(args[2]).producer(Map.of("interceptor.classes", Dying.class.getName())));
    }
  }

  /** Made by the producer. */
  public static final class Dying implements ProducerInterceptor<byte[], byte[]> {
    private static final AtomicInteger LEFT = new AtomicInteger();

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
      return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception failure) {
      if (LEFT.decrementAndGet() == 0) {
        Runtime.getRuntime().halt(EXIT);
      }
    }

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> settings) {}
  }
}
