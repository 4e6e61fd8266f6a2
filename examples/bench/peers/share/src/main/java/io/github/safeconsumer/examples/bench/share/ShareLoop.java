package io.github.safeconsumer.examples.bench.share;

import io.github.safeconsumer.examples.bench.subject.OrderDeserializer;
import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** One consumer and its thread: poll, handle all, acknowledge with the next poll. */
final class ShareLoop {
  private static final Duration POLL = Duration.ofMillis(100);

  /** A share consumer refuses what the group decides. */
  private static final List<String> OF_CONSUMER_GROUPS =
      List.of(
          "auto.offset.reset",
          "enable.auto.commit",
          "group.instance.id",
          "group.protocol",
          "group.remote.assignor",
          "heartbeat.interval.ms",
          "isolation.level",
          "partition.assignment.strategy",
          "session.timeout.ms");

  private final RunSpec spec;
  private final Spread spread;
  private final Work work;
  private final Thread thread;
  private volatile boolean stopping;

  ShareLoop(RunSpec spec, Spread spread, Work work, String name) {
    this.spec = spec;
    this.spread = spread;
    this.work = work;
    this.thread = new Thread(this::run, name);
  }

  void start() {
    thread.start();
  }

  /** The loop ends after the records that it has. */
  void stop() {
    stopping = true;
  }

  void join() throws InterruptedException {
    thread.join();
  }

  private void run() {
    try (KafkaShareConsumer<String, Object> consumer = new KafkaShareConsumer<>(settings());
        Handling handling = handling(consumer)) {
      consumer.subscribe(spec.topics());
      List<ConsumerRecord<String, Object>> records = new ArrayList<>();
      while (!stopping) {
        consumer.poll(POLL).forEach(records::add);
        if (!records.isEmpty()) {
          handling.handle(records);
          records.clear();
        }
      }
      consumer.commitSync();
    } catch (Exception | Error e) {
      work.failed(e);
    }
  }

  private Handling handling(KafkaShareConsumer<String, Object> consumer) {
    if (spec.batchSize() > 0) {
      return work::handleAll;
    }
    if (spread.lanes() == 1) {
      return records -> {
        for (ConsumerRecord<String, Object> record : records) {
          work.handle(record);
        }
      };
    }
    return new Lanes(spread.lanes(), work, consumer);
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = spec.consumerSettings();
    OF_CONSUMER_GROUPS.forEach(settings::remove);
    settings.put("key.deserializer", StringDeserializer.class);
    settings.put(
        "value.deserializer", spec.json() ? OrderDeserializer.class : ByteArrayDeserializer.class);
    settings.put("max.poll.records", spread.maxPollRecords());
    settings.put("share.acquire.mode", spread.strict() ? "record_limit" : "batch_optimized");
    settings.put("share.acknowledgement.mode", spread.lanes() == 1 ? "implicit" : "explicit");
    return settings;
  }
}
