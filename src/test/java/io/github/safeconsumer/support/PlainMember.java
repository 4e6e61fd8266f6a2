package io.github.safeconsumer.support;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A member as many a service has it, without this library: it polls, works, and commits behind each
 * record that is done; at one that fails it begins anew.
 */
public final class PlainMember implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int POLLED = 200;

  private final Consumer<String, String> consumer;
  private final Work work;
  private final AtomicLong done = new AtomicLong();
  private final CountDownLatch ends = new CountDownLatch(1);
  private final Thread thread;

  /** What is done with the records of one poll. */
  @FunctionalInterface
  public interface Work {
    /** An exception: the first record that failed is the one {@link Failed} names. */
    void on(List<ConsumerRecord<String, String>> records) throws Failed;
  }

  /** A record could not be handled. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final long offset;

    public Failed(long offset) {
      super("the record at offset " + offset);
      this.offset = offset;
    }
  }

  /** So long a poll. */
  public static Work atPace(Duration time) {
    return records -> io.github.safeconsumer.support.Work.lasting(time);
  }

  /** Never gets past the record at this offset. */
  public static Work failingAt(long offset) {
    return records -> {
      for (ConsumerRecord<String, String> one : records) {
        if (one.offset() == offset) {
          throw new Failed(offset);
        }
      }
    };
  }

  public PlainMember(
      String brokers, String group, String topic, Map<String, Object> more, Work work) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", brokers);
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", false);
    settings.put("max.poll.records", POLLED);
    this.consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    this.work = work;
    this.thread = new Thread(() -> run(topic), "plain-member-" + group);
    thread.start();
  }

  private void run(String topic) {
    try (consumer) {
      consumer.subscribe(List.of(topic));
      while (ends.getCount() > 0) {
        ConsumerRecords<String, String> records = consumer.poll(POLL);
        for (TopicPartition partition : records.partitions()) {
          handle(partition, records.records(partition));
        }
      }
    } catch (WakeupException closed) {
      // asked to end
    }
  }

  private void handle(TopicPartition partition, List<ConsumerRecord<String, String>> records) {
    long from = records.get(0).offset();
    long next = records.get(records.size() - 1).offset() + 1;
    try {
      work.on(records);
    } catch (Failed failed) {
      next = failed.offset;
      consumer.seek(partition, next);
    }
    if (next > from) {
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(next)));
      done.addAndGet(next - from);
    }
  }

  /** Returns once it has committed so many records. */
  public void awaitCommitted(long records) {
    await("the member has committed").atMost(BOUND).until(() -> done.get() >= records);
  }

  @Override
  public void close() {
    ends.countDown();
    consumer.wakeup();
    try {
      thread.join(BOUND.toMillis());
      if (thread.isAlive()) {
        throw new IllegalStateException("the member does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
