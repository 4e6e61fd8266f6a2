package io.github.safeconsumer.examples.bench.share;

import io.github.safeconsumer.examples.bench.subject.Work;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;

/**
 * Several threads that handle the records of one poll. The consumer polls again only when all of
 * them are acknowledged, so the slowest record holds up the rest.
 */
final class Lanes implements Handling {
  private final int count;
  private final Work work;
  private final KafkaShareConsumer<String, Object> consumer;
  private final ExecutorService threads;

  Lanes(int count, Work work, KafkaShareConsumer<String, Object> consumer) {
    this.count = count;
    this.work = work;
    this.consumer = consumer;
    this.threads = Executors.newFixedThreadPool(count);
  }

  @Override
  public void handle(List<ConsumerRecord<String, Object>> records) throws Exception {
    AtomicInteger next = new AtomicInteger();
    Callable<Void> lane =
        () -> {
          for (int i = next.getAndIncrement(); i < records.size(); i = next.getAndIncrement()) {
            work.handle(records.get(i));
          }
          return null;
        };
    for (Future<Void> ended : threads.invokeAll(Collections.nCopies(count, lane))) {
      ended.get();
    }
    records.forEach(consumer::acknowledge);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
