package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.BreakerChanged;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EventLog;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A downstream that listens on a real port goes away and comes back, on real brokers. For 5 s;
 * {@code -Dbreaker.outage.seconds=30} for longer.
 */
class BreakerOutageIT {
  private static final Logger LOG = LoggerFactory.getLogger(BreakerOutageIT.class);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final int OUTAGE_SECONDS = Integer.getInteger("breaker.outage.seconds", 5);
  private static final int RECORDS = 400;

  /** Answers every connection with a byte while it is open. */
  private static final class Downstream implements AutoCloseable {
    final AtomicInteger refused = new AtomicInteger();
    private final int port;
    private volatile ServerSocket server;

    Downstream() throws IOException {
      server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
      port = server.getLocalPort();
      serve(server);
    }

    void open() throws IOException {
      ServerSocket again = new ServerSocket();
      again.setReuseAddress(true);
      again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      server = again;
      serve(again);
    }

    private static void serve(ServerSocket on) {
      Thread thread =
          new Thread(
              () -> {
                while (!on.isClosed()) {
                  try (Socket call = on.accept()) {
                    call.getOutputStream().write(1);
                  } catch (IOException closed) {
                    LOG.debug("no connection: {}", closed.toString());
                  }
                }
              },
              "downstream");
      thread.setDaemon(true);
      thread.start();
    }

    void call() throws IOException {
      try (Socket socket = new Socket()) {
        socket.setReuseAddress(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
        socket.setSoTimeout(2_000);
        if (socket.getInputStream().read() != 1) {
          throw new IOException("closed before it answered");
        }
      } catch (IOException away) {
        refused.incrementAndGet();
        throw away;
      }
    }

    @Override
    public void close() {
      stop();
    }

    void stop() {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @CsvSource({"1,PARTITION,1", "64,UNORDERED,1", "64,KEY,8"})
  void shouldLoseAndBuryNothingWhileTheDownstreamIsAwayAndProbeOnSchedule(
      int concurrency, Ordering ordering, int maxAttempts) throws Exception {
    String topic = Topics.create(KAFKA, "outage", 4);
    String dlt = Topics.create(KAFKA, "outage-dlt", 1);
    String group = Topics.uniqueName("group");
    EventLog events = new EventLog();
    Map<String, Integer> done = new ConcurrentHashMap<>();
    try (Downstream downstream = new Downstream();
        Admin admin = Clients.admin(KAFKA)) {
      RecordHandler<String, String> handler =
          RecordHandler.of(
              (record, context) -> {
                downstream.call();
                done.merge(record.partition() + "@" + record.offset(), 1, Integer::sum);
              });
      Clients.fill(KAFKA, topic, 4, RECORDS);
      downstream.stop();
      try (SafeConsumer<String, String> consumer =
          Consumers.strings(KAFKA, group, topic, handler)
              .concurrency(concurrency)
              .ordering(ordering)
              .deadLetter(DeadLetterPolicy.toTopic(dlt))
              .retry(RetryPolicy.defaults().maxAttempts(maxAttempts))
              .circuitBreaker(CircuitBreakerPolicy.defaults())
              .listener(events)
              .build()) {
        consumer.start().get(30, SECONDS);
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> consumer.status().pauseReasons().contains(PauseReason.BREAKER));
        long end = System.nanoTime() + SECONDS.toNanos(OUTAGE_SECONDS);
        while (System.nanoTime() - end < 0) {
          LockSupport.parkNanos(1_000_000);
        }
        BreakerStatus breaker = consumer.status().breakers().get(0);
        int refused = downstream.refused.get();
        assertThat(breaker.state()).isNotEqualTo(BreakerStatus.State.CLOSED);
        assertThat(breaker.probes()).isBetween(1L, probesIn(OUTAGE_SECONDS));
        assertThat((long) refused)
            .as("those that opened it or ran then, and the probes")
            .isLessThanOrEqualTo(3 + concurrency + breaker.probes());
        downstream.open();
        long back = System.nanoTime();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> done.size() == RECORDS && !consumer.status().partitions().isEmpty());
        LOG.info(
            "concurrency={} ordering={} maxAttempts={} outage={}s: {} refused, {} probes, all {} done {} ms after it was back",
            concurrency,
            ordering,
            maxAttempts,
            OUTAGE_SECONDS,
            refused,
            breaker.probes(),
            RECORDS,
            (System.nanoTime() - back) / 1_000_000);
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> Consumers.committedInAll(admin, group) == RECORDS);
        assertThat(consumer.status().deadLettered()).isZero();
        assertThat(consumer.status().rebalances()).isEqualTo(1);
      }
    }
    assertThat(done.values()).as("none twice").containsOnly(1);
    assertThat(events.of(BreakerChanged.class)).isNotEmpty();
  }

  /** After 1 s, 2 s more, 4 s more and so on, up to 60 s. */
  private static long probesIn(int seconds) {
    long probes = 0;
    long wait = 1;
    for (long at = 1; at <= seconds; at += wait) {
      probes++;
      wait = Math.min(60, 2 * wait);
    }
    return probes;
  }
}
