package io.github.safeconsumer.examples.enrichment;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands for the API: it counts what it charges, is away for a while after its 40th call, refuses
 * one place for good, and puts one off for two seconds.
 */
final class PaidApi implements AutoCloseable {
  static final String BAD = "nowhere";
  static final String BUSY = "place-149";
  static final Duration BUSY_FOR = Duration.ofSeconds(2);
  static final Duration OUTAGE = Duration.ofSeconds(4);
  private static final int OUTAGE_AFTER = 40;

  /** A call that was answered. */
  record Call(String place, int status, long nanos) {}

  private final ExecutorService threads = Executors.newFixedThreadPool(Enrichment.CONCURRENCY);
  private final HttpServer server;
  private final List<Call> calls = new ArrayList<>();
  private long outageBegan;

  PaidApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String place = exchange.getRequestURI().getQuery().substring("place=".length());
      int status = status(place);
      if (status == 429) {
        exchange.getResponseHeaders().set("Retry-After", "" + BUSY_FOR.toSeconds());
      }
      byte[] body = ("{\"place\":\"" + place + "\",\"lat\":52.5,\"lon\":13.4}").getBytes(UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private synchronized int status(String place) {
    long now = System.nanoTime();
    if (calls.size() == OUTAGE_AFTER) {
      outageBegan = now;
    }
    int status = 200;
    if (calls.size() >= OUTAGE_AFTER && now - outageBegan < OUTAGE.toNanos()) {
      status = 503;
    } else if (place.equals(BAD)) {
      status = 422;
    } else if (place.equals(BUSY) && of(BUSY).isEmpty()) {
      status = 429;
    }
    calls.add(new Call(place, status, now));
    return status;
  }

  synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The calls for a place. */
  synchronized List<Call> of(String place) {
    return calls.stream().filter(call -> call.place().equals(place)).toList();
  }

  /** On its own bill. */
  double charged() {
    return calls().size() * GeoApi.PRICE;
  }

  long refused() {
    return calls().stream().filter(call -> call.status() == 503).count();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
