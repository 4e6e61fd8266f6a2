package io.github.safeconsumer.examples.enrichment;

import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.SafeConsumerEvent.BreakerChanged;
import io.github.safeconsumer.SafeConsumerEvent.SpendingLimitReached;
import io.github.safeconsumer.SpendingStatus;
import io.github.safeconsumer.localkafka.Sandbox;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** 150 places, an outage, a place that is none, and too little money for all of them. */
final class Staging {
  static final int PLACES = 150;
  static final double LIMIT = 2.00;
  private static final int BAD = 13;
  private static final int PARTITIONS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Sandbox sandbox;
  private final PaidApi api;
  private final PrintStream out;
  private final CompletableFuture<SpendingLimitReached> limit = new CompletableFuture<>();
  private boolean passed = true;

  Staging(Sandbox sandbox, PaidApi api, PrintStream out) {
    this.sandbox = sandbox;
    this.api = api;
    this.out = out;
  }

  /** Whether all came out as it should. */
  boolean run() throws Exception {
    sandbox.topic(Enrichment.INPUT, PARTITIONS).topic(Enrichment.OUTPUT, PARTITIONS);
    sandbox.send(IntStream.range(0, PLACES).mapToObj(Staging::place).toList());
    untilTheLimit();
    withMoreMoney();
    return passed;
  }

  private static ProducerRecord<String, String> place(int number) {
    return new ProducerRecord<>(
        Enrichment.INPUT, "key-" + number, number == BAD ? PaidApi.BAD : "place-" + number);
  }

  private void untilTheLimit() throws Exception {
    out.printf("%d places, %.2f a call, at most %.2f an hour%n", PLACES, GeoApi.PRICE, LIMIT);
    try (Enrichment enrichment = enrichment(LIMIT)) {
      SafeConsumer<String, String> consumer = enrichment.consumer();
      consumer.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      limit.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      check(
          "at the limit the consumer pauses, and says why",
          consumer.status().pauseReasons().contains(PauseReason.SPENDING));
      consumer.health().reasons().forEach(reason -> out.println("          " + reason));
      SpendingStatus spending = consumer.status().spending();
      check("and until when", spending.pausedUntil().isPresent());
    }
    double most = LIMIT + Enrichment.CONCURRENCY * GeoApi.PRICE;
    check(
        "on the bill of the API: %.2f, at most %.2f with what ran".formatted(api.charged(), most),
        api.charged() > LIMIT - GeoApi.PRICE / 2 && api.charged() < most + GeoApi.PRICE / 2);
    long refused = api.refused();
    long waiting = PLACES - 40;
    check(
        "%d calls into an outage of %d s, for %d places that waited"
            .formatted(refused, PaidApi.OUTAGE.toSeconds(), waiting),
        refused >= 3 && refused <= mostRefused());
  }

  /** What ran when the outage began, two more before the third failure, and the probes. */
  private static long mostRefused() {
    int probes = 4; // after 0.5 s, 1 s and twice 2 s
    return Enrichment.CONCURRENCY + 2 + probes;
  }

  private void withMoreMoney() throws Exception {
    out.println("time lifts the limit, or a person: started again with 10.00 an hour");
    try (Enrichment enrichment = enrichment(10.00)) {
      enrichment.consumer().start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      awaitCommitted();
    }
    List<ConsumerRecord<String, String>> enriched = sandbox.read(Enrichment.OUTPUT, PLACES - 1);
    Set<String> keys =
        enriched.stream().map(ConsumerRecord::key).collect(Collectors.toCollection(HashSet::new));
    check(
        "%d of %d places are in %s".formatted(keys.size(), PLACES - 1, Enrichment.OUTPUT),
        keys.size() == PLACES - 1 && !keys.contains("key-" + BAD));
    List<String> letters =
        sandbox.read(Enrichment.DEAD_LETTERS, 1).stream().map(ConsumerRecord::value).toList();
    check("the only dead letter: " + letters, letters.equals(List.of(PaidApi.BAD)));
    List<PaidApi.Call> busy =
        api.of(PaidApi.BUSY).stream().filter(call -> call.status() != 503).toList();
    Duration wait = Duration.ofNanos(busy.get(1).nanos() - busy.get(0).nanos());
    check(
        "after 429 with Retry-After: 2 the next call came %.1f s later"
            .formatted(wait.toMillis() / 1e3),
        busy.size() == 2 && wait.compareTo(PaidApi.BUSY_FOR) >= 0);
  }

  private Enrichment enrichment(double limitPerHour) {
    return new Enrichment(
        sandbox.bootstrapServers(), new GeoApi(api.address()), limitPerHour, this::tell);
  }

  private void tell(SafeConsumerEvent event) {
    if (event instanceof BreakerChanged moved) {
      out.println("  breaker " + moved.scope() + ": " + moved.to() + ", " + moved.reason());
    } else if (event instanceof SpendingLimitReached reached) {
      limit.complete(reached);
    }
  }

  private void awaitCommitted() throws InterruptedException {
    long begun = System.nanoTime();
    while (sandbox.committed(Enrichment.GROUP, Enrichment.INPUT).values().stream()
            .mapToLong(Long::longValue)
            .sum()
        < PLACES) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new IllegalStateException("waited in vain for the commit of all places");
      }
      TimeUnit.MILLISECONDS.sleep(50); // between two looks
    }
  }

  private void check(String claim, boolean holds) {
    out.println((holds ? "  ok      " : "  FAILED  ") + claim);
    passed &= holds;
  }
}
