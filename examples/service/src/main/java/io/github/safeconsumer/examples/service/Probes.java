package io.github.safeconsumer.examples.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.SafeConsumer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.stream.Collectors;

/**
 * {@code /live} and {@code /ready} for the orchestrator, {@code /metrics} for Prometheus, {@code
 * /status} and {@code /diagnosis} for people. No answer holds a key or a value.
 */
final class Probes implements AutoCloseable {
  private final HttpServer server;

  private Probes(HttpServer server) {
    this.server = server;
  }

  static Probes start(int port, SafeConsumer<?, ?> consumer, PrometheusMeterRegistry registry)
      throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext(
        "/live", exchange -> answer(exchange, consumer.health().liveness(), consumer.health()));
    server.createContext(
        "/ready", exchange -> answer(exchange, consumer.health().readiness(), consumer.health()));
    server.createContext("/metrics", exchange -> answer(exchange, 200, registry.scrape()));
    server.createContext("/status", exchange -> answer(exchange, 200, consumer.status().toJson()));
    server.createContext(
        "/diagnosis",
        exchange ->
            answer(
                exchange,
                200,
                consumer.diagnose().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining("\n"))));
    server.start();
    return new Probes(server);
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, Health.Level level, Health health)
      throws IOException {
    answer(exchange, level == Health.Level.UP ? 200 : 503, String.join("\n", health.reasons()));
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
