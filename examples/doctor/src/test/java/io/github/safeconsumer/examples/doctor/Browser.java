package io.github.safeconsumer.examples.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One tab of a real Chromium or Chrome, steered by its DevTools protocol. Not thread-safe. */
final class Browser implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
  private String session = "";
  private int last;

  /** Where one is installed. */
  static Optional<Path> installed() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Browser(Path program) throws IOException {
    profile = Files.createTempDirectory("browser");
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log").toFile())
            .start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address()), new Listener())
            .join();
    JsonNode tab = call("Target.createTarget", Map.of("url", "about:blank"));
    session =
        call(
                "Target.attachToTarget",
                Map.of("targetId", tab.get("targetId").asText(), "flatten", true))
            .get("sessionId")
            .asText();
    call("Page.enable", Map.of());
    call("Log.enable", Map.of());
    call("Runtime.enable", Map.of());
  }

  /** The browser writes down where it listens. */
  private String address() throws IOException {
    Path port = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + BOUND.toNanos();
    while (System.nanoTime() - end < 0 && process.isAlive()) {
      if (Files.exists(port)) {
        List<String> lines = Files.readAllLines(port);
        if (lines.size() == 2) {
          return "ws://127.0.0.1:" + lines.get(0) + lines.get(1);
        }
      }
      Thread.onSpinWait();
    }
    throw new IllegalStateException(
        "the browser did not start: " + Files.readString(profile.resolve("log")));
  }

  /** What the page or the browser complained of: errors of scripts, violations of the policy. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Shows a page in a window of this size, in dark or light. */
  void open(String url, int width, int height, boolean phone, String scheme) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    call("Page.navigate", Map.of("url", url));
  }

  /** What an expression of JavaScript comes to. */
  JsonNode evaluate(String expression) {
    JsonNode answer =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.toString());
    }
    return answer.get("result").path("value");
  }

  /** Returns once the expression is true. */
  void await(String expression) {
    long end = System.nanoTime() + BOUND.toNanos();
    while (!evaluate(expression).asBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "never true: "
                + expression
                + "; "
                + complaints
                + "; "
                + evaluate("document.body.innerText"));
      }
    }
  }

  void screenshot(Path file) throws IOException {
    JsonNode answer = call("Page.captureScreenshot", Map.of("format", "png"));
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(answer.get("data").asText()));
  }

  private JsonNode call(String method, Map<String, Object> params) {
    ObjectNode request = JSON.createObjectNode().put("id", ++last).put("method", method);
    request.set("params", JSON.valueToTree(params));
    if (!session.isEmpty()) {
      request.put("sessionId", session);
    }
    socket.sendText(request.toString(), true).join();
    try {
      for (JsonNode answer = next(); ; answer = next()) {
        if (answer.path("id").asInt() == last) {
          if (answer.has("error")) {
            throw new IllegalStateException(method + ": " + answer.get("error"));
          }
          return answer.get("result");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private JsonNode next() throws InterruptedException {
    JsonNode answer = answers.poll(BOUND.toSeconds(), TimeUnit.SECONDS);
    if (answer == null) {
      throw new IllegalStateException("the browser does not answer");
    }
    return answer;
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        try {
          JsonNode message = JSON.readTree(text.toString());
          String method = message.path("method").asText();
          if (message.has("id")) {
            answers.add(message);
          } else if (method.equals("Log.entryAdded") || method.equals("Runtime.exceptionThrown")) {
            complaints.add(message.get("params").toString());
          }
        } catch (IOException e) {
          complaints.add(e.toString());
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Collections.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
