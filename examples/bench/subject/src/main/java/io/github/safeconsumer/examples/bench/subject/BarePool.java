package io.github.safeconsumer.examples.bench.subject;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The limit where handling means waiting: poll, hand every record to a pool of threads, and commit
 * what was handed over, done or not. It keeps no order and would lose records. Nobody should use
 * it; it shows what this machine can do with so many threads that wait.
 */
public final class BarePool implements Subject {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private Thread thread;
  private volatile boolean closing;

  /** Made by name. */
  public BarePool() {}

  @Override
  public void start(RunSpec spec, Work work) {
    if (spec.members() != 1 || spec.json() || spec.batchSize() > 0) {
      throw new IllegalArgumentException("one member, bytes, one by one: no other use is known");
    }
    thread = new Thread(() -> run(spec, work), "poll");
    thread.start();
  }

  private void run(RunSpec spec, Work work) {
    Map<String, Object> settings = spec.consumerSettings();
    settings.put("enable.auto.commit", "false");
    ExecutorService pool = Executors.newFixedThreadPool(spec.concurrency());
    // As many again wait in the queue, so that no thread waits for the next poll.
    Semaphore room = new Semaphore(2 * spec.concurrency());
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(spec.topics());
      long last = System.nanoTime();
      while (!closing) {
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<String, byte[]> record : records) {
          room.acquire();
          pool.execute(() -> handle(record, work, room));
        }
        if (System.nanoTime() - last >= INTERVAL_NANOS) {
          consumer.commitAsync();
          last = System.nanoTime();
        }
      }
    } catch (Exception | Error e) {
      work.failed(e);
    } finally {
      pool.shutdown();
    }
  }

  private static void handle(ConsumerRecord<String, byte[]> record, Work work, Semaphore room) {
    try {
      work.handle(record);
    } catch (Exception e) {
      work.failed(e);
    } finally {
      room.release();
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    thread.join();
  }
}
