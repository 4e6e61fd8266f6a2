package io.github.safeconsumer.crash;

import io.github.safeconsumer.support.Clients;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Goes on producing records of many keys, each key's numbered from 0. Half of them are of few keys,
 * so that these have long histories. Some fail a few times, those of some keys always; one in a
 * hundred has no key.
 */
public final class KeyedLoad implements AutoCloseable {
  private static final int FREQUENT = 500;
  private static final Duration END_BOUND = Duration.ofSeconds(60);

  private final Producer<String, String> producer;
  private final String topic;
  private final int partitions;
  private final int keys;
  private final int maxAttempts;
  private final Random random;
  private final int[] next;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final CompletableFuture<Void> ended;
  private volatile boolean stopped;

  /**
   * Begins.
   *
   * @param keys how many, {@value #FREQUENT} frequent ones among them
   * @param ahead records that are sent at once, before the pace begins
   * @param perSecond the pace
   */
  public KeyedLoad(
      String brokers,
      String topic,
      int partitions,
      int keys,
      int maxAttempts,
      int ahead,
      int perSecond,
      long seed) {
    this.producer = Clients.producer(brokers);
    this.topic = topic;
    this.partitions = partitions;
    this.keys = keys;
    this.maxAttempts = maxAttempts;
    this.random = new Random(seed);
    this.next = new int[keys];
    this.ended = CompletableFuture.runAsync(() -> run(ahead, perSecond));
  }

  private void run(int ahead, int perSecond) {
    long began = System.nanoTime();
    while (!stopped && failure.get() == null) {
      long due =
          ahead + (long) ((System.nanoTime() - began) / 1e9 * perSecond); // a pace, not a check
      while (sent.get() < due && !stopped) {
        send();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private void send() {
    int kind = random.nextInt(200);
    int key = kind < 2 ? Fact.NO_KEY : random.nextInt(kind < 100 ? FREQUENT : keys);
    Task task =
        new Task(
            key == Fact.NO_KEY ? 0 : next[key]++,
            failures(key),
            Duration.ofMillis(10 + random.nextInt(100)));
    producer.send(
        new ProducerRecord<>(
            topic,
            key == Fact.NO_KEY ? random.nextInt(partitions) : key % partitions,
            key == Fact.NO_KEY ? null : String.valueOf(key),
            task.text()),
        (metadata, failed) -> {
          if (failed != null) {
            failure.compareAndSet(null, failed);
          }
        });
    sent.incrementAndGet();
  }

  private int failures(int key) {
    if (key == Fact.NO_KEY || key < FREQUENT) {
      return random.nextInt(100) == 0 ? 1 : 0;
    }
    // Keys whose records always fail are rare ones: a frequent one would only hold up the end.
    return switch (key % 100) {
      case 7 -> Task.ALWAYS;
      case 3, 4 -> 1 + random.nextInt(maxAttempts - 1);
      default -> 0;
    };
  }

  /** How many so far. */
  public long sent() {
    return sent.get();
  }

  /** Ends; all that was sent is acknowledged. */
  public long stop() throws ExecutionException, InterruptedException, TimeoutException {
    stopped = true;
    ended.get(END_BOUND.toSeconds(), TimeUnit.SECONDS);
    producer.flush();
    if (failure.get() != null) {
      throw new ExecutionException("a record was not written", failure.get());
    }
    return sent.get();
  }

  @Override
  public void close() {
    stopped = true;
    producer.close(END_BOUND);
  }
}
