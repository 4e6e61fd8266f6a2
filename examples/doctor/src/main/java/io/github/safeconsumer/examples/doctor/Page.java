package io.github.safeconsumer.examples.doctor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A page on loopback that draws lag, rates and the diagnosis, and the JSON it is drawn from.
 *
 * <p>Names of clients and hosts come from whoever joins the group, so nothing of them may become
 * code: the page sets text only, and its policy lets no script run but its own file. Requests under
 * another host name than its own are refused, since a site that a browser shows could let its name
 * point here and read along.
 */
final class Page implements AutoCloseable {
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src"
              + " data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final HttpServer server;
  private final List<String> hosts;

  private Page(HttpServer server, List<String> hosts) {
    this.server = server;
    this.hosts = hosts;
  }

  /**
   * Serves at once.
   *
   * @throws IOException when the address or the port cannot be used
   */
  static Page open(String bind, int port, History history) throws IOException {
    InetAddress address = InetAddress.getByName(bind);
    if (address.isAnyLocalAddress()) {
      throw new IOException("name one address, not all of them");
    }
    if (port < 0 || port > 65_535) {
      throw new IOException("a port is 0 to 65535");
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
    Page page =
        new Page(
            server, List.of("localhost", "127.0.0.1", "[::1]", bind, address.getHostAddress()));
    page.answer("/", "text/html", resource("page.html"));
    page.answer("/page.css", "text/css", resource("page.css"));
    page.answer("/page.js", "text/javascript", resource("page.js"));
    page.answer("/history.json", "application/json", history::toJson);
    server.start();
    return page;
  }

  private void answer(String path, String type, Supplier<String> content) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            if (!isOwnHost(exchange.getRequestHeaders().getFirst("Host"))) {
              send(exchange, 403, "text/plain", "not a name of this page");
            } else if (!exchange.getRequestMethod().equals("GET")) {
              send(exchange, 405, "text/plain", "GET only");
            } else if (!exchange.getRequestURI().getPath().equals(path)) {
              send(exchange, 404, "text/plain", "nothing is here");
            } else {
              send(exchange, 200, type, content.get());
            }
          }
        });
  }

  /** Whatever the port: it may be forwarded. */
  private boolean isOwnHost(String host) {
    return host != null && hosts.contains(host.replaceFirst(":\\d+$", ""));
  }

  private static void send(HttpExchange exchange, int status, String type, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    HEADERS.forEach(exchange.getResponseHeaders()::set);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Supplier<String> resource(String name) throws IOException {
    try (InputStream in = Page.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IOException(name + " is not on the class path");
      }
      String content = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return () -> content;
    }
  }

  String address() {
    InetAddress address = server.getAddress().getAddress();
    String host = address.isLoopbackAddress() ? "localhost" : address.getHostAddress();
    return "http://" + host + ":" + server.getAddress().getPort() + "/";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
