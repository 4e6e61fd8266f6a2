package io.github.safeconsumer.examples.bench.subject;

import org.apache.kafka.clients.consumer.KafkaConsumer;

/** As most tutorials write it: poll, handle, and wait for a commit after each poll. */
public final class Naive extends ClientLoop {
  /** Made by name. */
  public Naive() {}

  @Override
  Committing committing() {
    return new Committing() {
      @Override
      void afterPoll(KafkaConsumer<?, ?> consumer, boolean broughtRecords) {
        if (broughtRecords) {
          consumer.commitSync();
        }
      }
    };
  }
}
