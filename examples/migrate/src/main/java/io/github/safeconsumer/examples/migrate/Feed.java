package io.github.safeconsumer.examples.migrate;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records that keep coming while members come and go: a heap at first, then 100 a second. */
final class Feed implements AutoCloseable {
  static final int PARTITIONS = 4;
  private static final int HEAP = 500;
  private static final int AT_ONCE = 5;
  private static final int KEYS = 97;

  private final Producer<String, String> producer;
  private final String topic;
  private final AtomicLong sent = new AtomicLong();
  private final Thread thread;
  private volatile boolean ends;

  Feed(Producer<String, String> producer, String topic) {
    this.producer = producer;
    this.topic = topic;
    send(HEAP);
    thread = new Thread(this::feed, "feed of " + topic);
    thread.setDaemon(true);
    thread.start();
  }

  private void feed() {
    try {
      while (!ends) {
        TimeUnit.MILLISECONDS.sleep(50); // the pace
        send(AT_ONCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(int records) {
    for (int i = 0; i < records; i++) {
      long number = sent.getAndIncrement();
      producer.send(
          new ProducerRecord<>(
              topic, (int) (number % PARTITIONS), "key-" + number / PARTITIONS % KEYS, "record"));
    }
  }

  /** No more come; the broker has all of them when the call returns. */
  long end() throws InterruptedException {
    ends = true;
    thread.join();
    producer.flush();
    return sent.get();
  }

  @Override
  public void close() {
    ends = true;
  }
}
