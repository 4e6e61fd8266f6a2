package io.github.safeconsumer.examples.bench.subject;

import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * The limit: poll, handle, and once a second an asynchronous commit for whose end nobody waits. It
 * cares for nothing that can go wrong.
 */
public final class Bare extends ClientLoop {
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  /** Made by name. */
  public Bare() {}

  @Override
  Committing committing() {
    return new Committing() {
      private long last = System.nanoTime();
      private boolean due;

      @Override
      void afterPoll(KafkaConsumer<?, ?> consumer, boolean broughtRecords) {
        due |= broughtRecords;
        long now = System.nanoTime();
        if (due && now - last >= INTERVAL_NANOS) {
          consumer.commitAsync();
          last = now;
          due = false;
        }
      }
    };
  }
}
