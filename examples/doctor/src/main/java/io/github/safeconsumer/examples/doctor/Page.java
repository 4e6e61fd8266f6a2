package io.github.safeconsumer.examples.doctor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** A page on loopback that draws lag, rates and the diagnosis, and the JSON it is drawn from. */
final class Page implements AutoCloseable {
  private final HttpServer server;

  private Page(HttpServer server) {
    this.server = server;
  }

  static Page open(int port, History history) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    String html = resource("page.html");
    answer(server, "/", "text/html", () -> html);
    answer(server, "/history.json", "application/json", history::toJson);
    server.start();
    return new Page(server);
  }

  private static void answer(
      HttpServer server, String path, String type, Supplier<String> content) {
    server.createContext(
        path,
        exchange -> {
          boolean known =
              exchange.getRequestURI().getPath().equals(path)
                  && exchange.getRequestMethod().equals("GET");
          send(exchange, known ? 200 : 404, type, known ? content.get() : "");
        });
  }

  private static void send(HttpExchange exchange, int status, String type, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange
        .getResponseHeaders()
        .set("Content-Security-Policy", "default-src 'self' 'unsafe-inline'");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Page.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IOException(name + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
