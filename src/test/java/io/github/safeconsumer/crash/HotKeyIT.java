package io.github.safeconsumer.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Percentiles;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One slow key among fast ones of the same partition: it delays nothing but itself. */
@Timeout(120)
class HotKeyIT {
  private static final String BROKERS = SharedKafka.bootstrapServers();
  private static final String HOT = "hot";
  private static final int FAST_KEYS = 200;
  private static final int SECONDS = Boolean.getBoolean("safeconsumer.long") ? 60 : 8;
  private static final int FAST_A_SECOND = 200;
  private static final Duration SLOW = Duration.ofMillis(200);
  private static final Duration FAST = Duration.ofMillis(1);

  /** As many as it can just bear: the lane of the hot key is never empty. */
  private static final int HOT_A_SECOND = 5;

  @Test
  void shouldFinishAllOthersWhileOneRecordOfTheHotKeyRuns() throws Exception {
    String topic = Topics.create(BROKERS, "hot", 1);
    int each = 500;
    CountDownLatch othersDone = new CountDownLatch(each);
    Queue<String> done = new ConcurrentLinkedQueue<>();
    try (Producer<String, String> producer = Clients.producer(BROKERS)) {
      for (int i = 0; i < each; i++) {
        if (i % 50 == 0) {
          producer.send(new ProducerRecord<>(topic, HOT, "hot " + i / 50));
        }
        producer.send(new ProducerRecord<>(topic, "fast" + i % FAST_KEYS, "fast " + i));
      }
    }
    RecordHandler<String, String> handler =
        RecordHandler.of(
            (record, context) -> {
              if (record.value().equals("hot 2")) {
                // Returns only when all others are done, so the test ends only if none waits for
                // it.
                assertThat(othersDone.await(60, TimeUnit.SECONDS)).isTrue();
              }
              done.add(record.value());
              if (!record.key().equals(HOT)) {
                othersDone.countDown();
              }
            });
    try (SafeConsumer<String, String> consumer = consumer(topic, handler)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> consumer.status().handled() == each + 10);
    }
    List<String> order = new ArrayList<>(done);
    assertThat(order.subList(order.indexOf("hot 2"), order.size()))
        .as("what ended from then on")
        .containsExactly("hot 2", "hot 3", "hot 4", "hot 5", "hot 6", "hot 7", "hot 8", "hot 9");
  }

  @Test
  void shouldShowTheLatencyOfTheFastKeysWithAndWithoutTheHotOne() throws Exception {
    List<Long> alone = latencies(false);
    List<Long> beside = latencies(true);
    System.out.printf(
        "FIGURES hot key at %d ms, %d fast keys at %d ms and %d a second, KEY order: produced to"
            + " handled, fast keys alone %s; beside the hot key %s%n",
        SLOW.toMillis(),
        FAST_KEYS,
        FAST.toMillis(),
        FAST_A_SECOND,
        new Percentiles(alone),
        new Percentiles(beside));
    assertThat(alone).hasSize(SECONDS * FAST_A_SECOND);
    assertThat(beside).hasSize(SECONDS * FAST_A_SECOND);
  }

  /** From the call of the producer to the return of the handler, of the fast keys, in ns. */
  private static List<Long> latencies(boolean withHotKey) throws Exception {
    String topic = Topics.create(BROKERS, "latency", 1);
    Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    AtomicInteger hot = new AtomicInteger();
    RecordHandler<String, String> handler =
        RecordHandler.of(
            (record, context) -> {
              Work.lasting(record.key().equals(HOT) ? SLOW : FAST);
              if (record.key().equals(HOT)) {
                hot.incrementAndGet();
              } else if (!record.value().isEmpty()) {
                nanos.add(System.nanoTime() - Long.parseLong(record.value()));
              }
            });
    try (SafeConsumer<String, String> consumer = consumer(topic, handler)) {
      warmUp(topic, consumer);
      int hotSent = produce(topic, withHotKey);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> nanos.size() == SECONDS * FAST_A_SECOND && hot.get() == hotSent);
    }
    return new ArrayList<>(nanos);
  }

  private static void warmUp(String topic, SafeConsumer<String, String> consumer) {
    try (Producer<String, String> producer = Clients.producer(BROKERS)) {
      for (int i = 0; i < 2_000; i++) {
        producer.send(new ProducerRecord<>(topic, "fast" + i % FAST_KEYS, ""));
      }
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> consumer.status().handled() == 2_000);
  }

  private static int produce(String topic, boolean withHotKey) {
    int hotSent = 0;
    long began = System.nanoTime();
    try (Producer<String, String> producer = Clients.producer(BROKERS)) {
      for (int i = 0; i < SECONDS * FAST_A_SECOND; i++) {
        if (withHotKey && i % (FAST_A_SECOND / HOT_A_SECOND) == 0) {
          producer.send(new ProducerRecord<>(topic, HOT, ""));
          hotSent++;
        }
        long due = began + TimeUnit.SECONDS.toNanos(1) * i / FAST_A_SECOND;
        LockSupport.parkNanos(due - System.nanoTime()); // the pace, not a check
        producer.send(
            new ProducerRecord<>(topic, "fast" + i % FAST_KEYS, String.valueOf(System.nanoTime())));
      }
    }
    return hotSent;
  }

  private static SafeConsumer<String, String> consumer(
      String topic, RecordHandler<String, String> handler) throws Exception {
    SafeConsumer<String, String> consumer =
        Consumers.strings(BROKERS, Topics.uniqueName("group"), topic, handler)
            .ordering(Ordering.KEY)
            .concurrency(16)
            .build();
    Outcome outcome = consumer.start().get(60, TimeUnit.SECONDS);
    assertThat(outcome.applied()).as(outcome.toString()).isTrue();
    return consumer;
  }
}
