package io.github.safeconsumer.examples.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom the page answers, and what it lets a browser do. */
class PageTest {
  private final History history = new History("bil\"ling");
  private Page page;

  @BeforeEach
  void open() throws IOException {
    page = Page.open("127.0.0.1", 0, history);
  }

  @AfterEach
  void close() {
    page.close();
  }

  /** As bytes, since HTTP clients do not let one choose the host. */
  private String ask(String request, String host) throws IOException {
    int port = URI.create(page.address()).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String head = request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void shouldRefuseNamesThatAreNotItsOwn() throws IOException {
    assertThat(ask("GET /history.json", "attacker.example")).startsWith("HTTP/1.1 403");
    assertThat(ask("GET /", "localhost.attacker.example:80")).startsWith("HTTP/1.1 403");
    for (String own : new String[] {"localhost:8099", "127.0.0.1", "[::1]:1"}) {
      assertThat(ask("GET /history.json", own)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void shouldAnswerWhatItHasAndNothingElse() throws IOException {
    assertThat(ask("GET /page.js", "localhost")).startsWith("HTTP/1.1 200").contains("use strict");
    assertThat(ask("GET /secrets", "localhost")).startsWith("HTTP/1.1 404");
    assertThat(ask("POST /", "localhost")).startsWith("HTTP/1.1 405");
  }

  @Test
  void shouldLetNothingRunButItsOwnScript() throws IOException {
    String answer = ask("GET /", "localhost");
    assertThat(answer.toLowerCase(java.util.Locale.ROOT))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "nosniff")
        .doesNotContain("unsafe", "https://", "http://");
  }

  @Test
  void shouldTellWhatWasSeenAndForgetWhatIsOld() throws IOException {
    for (int minute = 0; minute <= 60; minute++) {
      history.add(Reports.stuck(Reports.AT.plus(Duration.ofMinutes(minute)), minute));
    }
    history.failed("a \"broker\"\n is away");
    JsonNode json = new ObjectMapper().readTree(history.toJson());

    assertThat(json.get("points")).hasSize(31);
    assertThat(json.get("points").get(30).get("code").asText()).isEqualTo("BLOCKED_PARTITION");
    assertThat(json.get("report").get("members").get(0).get("clientId").asText())
        .isEqualTo(Reports.HOSTILE);
    assertThat(json.get("failure").asText()).isEqualTo("a \"broker\"  is away");
    assertThat(json.get("group").asText()).isEqualTo("bil\"ling");
  }
}
