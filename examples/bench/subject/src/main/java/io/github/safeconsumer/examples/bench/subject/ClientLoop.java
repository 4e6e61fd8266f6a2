package io.github.safeconsumer.examples.bench.subject;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A loop by hand over Kafka's own consumer: poll, handle each record, commit in some way. One
 * thread for each member; records are handled one after the other, whatever concurrency is asked.
 */
abstract class ClientLoop implements Subject {
  private static final Duration POLL = Duration.ofMillis(100);

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closing;

  /** How this loop commits; called after each poll, also one that brought nothing. */
  abstract static class Committing {
    abstract void afterPoll(KafkaConsumer<?, ?> consumer, boolean broughtRecords);
  }

  abstract Committing committing();

  @Override
  public void start(RunSpec spec, Work work) {
    for (int member = 0; member < spec.members(); member++) {
      Thread thread = new Thread(() -> run(spec, work), "member-" + member);
      threads.add(thread);
      thread.start();
    }
  }

  private void run(RunSpec spec, Work work) {
    try (KafkaConsumer<String, Object> consumer = new KafkaConsumer<>(settings(spec))) {
      consumer.subscribe(spec.topics());
      Committing committing = committing();
      while (!closing) {
        ConsumerRecords<String, Object> records = consumer.poll(POLL);
        if (spec.batchSize() > 0) {
          handleBatch(records, work);
        } else {
          for (ConsumerRecord<String, Object> record : records) {
            work.handle(record);
          }
        }
        committing.afterPoll(consumer, !records.isEmpty());
      }
      consumer.commitSync();
    } catch (Exception | Error e) {
      work.failed(e);
    }
  }

  private static void handleBatch(ConsumerRecords<String, Object> records, Work work)
      throws Exception {
    List<ConsumerRecord<String, Object>> batch = new ArrayList<>(records.count());
    records.forEach(batch::add);
    if (!batch.isEmpty()) {
      work.handleAll(batch);
    }
  }

  private static Map<String, Object> settings(RunSpec spec) {
    Map<String, Object> settings = spec.consumerSettings();
    settings.put("enable.auto.commit", "false");
    settings.put("key.deserializer", StringDeserializer.class.getName());
    settings.put(
        "value.deserializer",
        (spec.json() ? OrderDeserializer.class : ByteArrayDeserializer.class).getName());
    if (spec.batchSize() > 0) {
      settings.put("max.poll.records", String.valueOf(spec.batchSize()));
    }
    return settings;
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
