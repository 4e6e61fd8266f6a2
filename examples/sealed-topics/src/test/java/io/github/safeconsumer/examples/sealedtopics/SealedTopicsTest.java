package io.github.safeconsumer.examples.sealedtopics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.localkafka.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SealedTopicsTest {
  private static final Path SOURCES =
      Path.of("src/main/java/io/github/safeconsumer/examples/sealedtopics");

  @Test
  void shouldHandEachEventToItsCaseAndBadOnesToTheDeadLettersOfTheirTopic() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (Sandbox sandbox = Sandbox.start()) {
      boolean good = new Events(sandbox, new PrintStream(shown, true, UTF_8)).run();
      assertThat(good).as(shown.toString(UTF_8)).isTrue();
      for (String topic : List.of("orders.placed", "orders.paid", "orders.cancelled")) {
        assertThat(sum(sandbox, topic)).isEqualTo(topic.equals("orders.placed") ? 30 : 16);
      }
    }
    assertThat(shown.toString(UTF_8))
        .contains(
            "30 placed, 15 paid, 15 cancelled",
            "no class is known for topic orders.refunded",
            "no topic for [OrderCancelled]");
  }

  private static long sum(Sandbox sandbox, String topic) {
    return sandbox.committed(Events.GROUP, topic).values().stream().mapToLong(n -> n).sum();
  }

  @Test
  void shouldNotCompileWithATypeThatNoHandlerHasACaseFor(@TempDir Path classes) throws Exception {
    String events = Files.readString(SOURCES.resolve("OrderEvents.java"));
    String ledger = Files.readString(SOURCES.resolve("Ledger.java"));
    assertThat(errors(classes, events, ledger)).isEmpty();

    String withType =
        events
            .replace("OrderPaid, OrderCancelled {", "OrderPaid, OrderCancelled, OrderRefunded {")
            .replace(
                "private OrderEvents() {}",
                "record OrderRefunded(String orderId) implements Event {} private OrderEvents() {}");
    assertThat(errors(classes, withType, ledger)).contains("OrderRefunded is not abstract");

    String withCase =
        withType
            .replace(
                "record OrderRefunded(String orderId) implements Event {}",
                "record OrderRefunded(String orderId) implements Event {"
                    + " public void handOver(Cases c) throws Exception { c.refunded(this); } }")
            .replace(
                "interface Cases {",
                "interface Cases { void refunded(OrderRefunded event) throws Exception;");
    assertThat(errors(classes, withCase, ledger)).contains("Ledger is not abstract");
  }

  /** What the compiler says of these sources; empty when it is content. */
  private static String errors(Path classes, String events, String ledger) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean content =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of(
                    "-d", classes.toString(), "-classpath", System.getProperty("java.class.path")),
                null,
                List.of(source("OrderEvents", events), source("Ledger", ledger)))
            .call();
    return content ? "" : said.toString();
  }

  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
