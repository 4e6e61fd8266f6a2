package io.github.safeconsumer.examples.batchinserts;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.examples.batchinserts.BatchWriter.Reading;
import io.github.safeconsumer.localkafka.Sandbox;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The same readings in batches and one by one, each by a group and a table of its own. */
final class Comparison {
  static final String TOPIC = "readings";
  static final int READINGS = 5_000;
  static final int PARTITIONS = 2;
  private static final int BAD_EVERY = 1_000;
  private static final String NO_JSON = "{\"id\":";

  private final Sandbox sandbox;
  private final PrintStream out;
  private final Set<String> good = new HashSet<>();
  private final Set<String> bad = new HashSet<>();
  private int lettersSoFar;

  Comparison(Sandbox sandbox, PrintStream out) {
    this.sandbox = sandbox;
    this.out = out;
  }

  /** Whether all came out as it should. */
  boolean run() throws Exception {
    sandbox.topic(TOPIC, PARTITIONS);
    send();
    out.printf(
        "%,d readings; %d rows that the table refuses, 1 text that is no JSON%n",
        good.size() + bad.size(), bad.size());
    boolean batches = run("in batches", BatchWriter.batches());
    boolean oneByOne = run("one by one", BatchPolicy.of(1));
    return batches && oneByOne;
  }

  /** Two kinds of bad rows, in the midst of good ones. */
  private void send() {
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    for (int i = 0; i < READINGS; i++) {
      boolean tooLong = i % BAD_EVERY == 777;
      boolean tooCold = i % BAD_EVERY == 778;
      String id = (tooLong ? "long-" : tooCold ? "cold-" : "r-") + i;
      String sensor = tooLong ? "a-sensor-with-a-long-name" : "s-" + i % 50;
      String json =
          """
          {"id": "%s", "sensor": "%s", "celsius": %d}"""
              .formatted(id, sensor, tooCold ? -300 : i % 30);
      (tooLong || tooCold ? bad : good).add(id);
      records.add(new ProducerRecord<>(TOPIC, sensor, json));
    }
    records.add(new ProducerRecord<>(TOPIC, "s-1", NO_JSON));
    sandbox.send(records);
  }

  private boolean run(String how, BatchPolicy policy) throws Exception {
    String group = how.replace(' ', '-');
    AtomicInteger batches = new AtomicInteger();
    AtomicInteger handed = new AtomicInteger(); // good rows, each time they are handed over
    CountDownLatch done = new CountDownLatch(good.size());
    CountDownLatch letters = new CountDownLatch(bad.size() + 1);
    try (Database database = new Database()) {
      BatchHandler<String, Reading> handler = BatchWriter.handler(database.pool());
      BatchHandler<String, Reading> counted =
          BatchHandler.of(
              (records, context) -> {
                long ofGood = records.stream().filter(r -> good.contains(r.value().id())).count();
                batches.incrementAndGet();
                handed.addAndGet((int) ofGood);
                handler.handle(records, context);
                for (long i = 0; i < ofGood; i++) {
                  done.countDown();
                }
              });
      long nanos;
      try (SafeConsumer<String, Reading> consumer =
          BatchWriter.consumer(kafka(group), policy, counted)
              .listener(
                  event -> {
                    if (event instanceof SafeConsumerEvent.DeadLettered) {
                      letters.countDown();
                    }
                  })
              .build()) {
        consumer.start().get(60, TimeUnit.SECONDS);
        long begun = System.nanoTime();
        boolean all = done.await(60, TimeUnit.SECONDS) && letters.await(60, TimeUnit.SECONDS);
        nanos = System.nanoTime() - begun;
        if (!all) {
          out.printf("NOT AS IT SHOULD BE: waited in vain for %d rows%n", done.getCount());
          return false;
        }
      } // drained and committed
      List<String> rows = database.ids();
      List<String> dead = newLetters();
      out.printf(
          "%s: %,d rows in %,d transactions (%.1f rows each), %.1f s, %d dead letters%n",
          how,
          rows.size(),
          batches.get(),
          (double) handed.get() / batches.get(),
          nanos / 1e9,
          dead.size());
      return check(rows, handed.get(), dead, group);
    }
  }

  private Map<String, Object> kafka(String group) {
    return Map.of(
        "bootstrap.servers",
        sandbox.bootstrapServers(),
        "group.id",
        group,
        "auto.offset.reset",
        "earliest");
  }

  /** The dead letters since the last call; the broker has acknowledged all of them. */
  private List<String> newLetters() {
    List<String> all =
        sandbox.read(TOPIC + ".dlt", lettersSoFar + bad.size() + 1).stream()
            .map(ConsumerRecord::value)
            .toList();
    int before = lettersSoFar;
    lettersSoFar = all.size();
    return all.subList(before, all.size());
  }

  /** The table has the good rows, each was handed over once, and the letters are the bad ones. */
  private boolean check(List<String> rows, int handed, List<String> dead, String group) {
    boolean onlyBad =
        dead.size() == bad.size() + 1
            && dead.stream()
                .allMatch(text -> text.equals(NO_JSON) || bad.stream().anyMatch(text::contains));
    long committed =
        sandbox.committed(group, TOPIC).values().stream().mapToLong(offset -> offset).sum();
    boolean asItShould =
        rows.size() == good.size()
            && good.containsAll(rows)
            && handed == good.size()
            && onlyBad
            && committed == READINGS + 1;
    if (!asItShould) {
      out.printf(
          "NOT AS IT SHOULD BE: %d of %d rows, %d handed over, letters as they should: %s,"
              + " committed %d of %d%n",
          rows.size(), good.size(), handed, onlyBad, committed, READINGS + 1);
    }
    return asItShould;
  }
}
