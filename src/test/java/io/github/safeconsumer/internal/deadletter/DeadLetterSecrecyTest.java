package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.Reason;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.deadletter.SinkHarness.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Nothing of a record may show where people and machines look that must not see it. */
class DeadLetterSecrecyTest {
  private static final String SECRET = "s3cr3t";

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.safeconsumer");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    logger.setLevel(Level.TRACE);
    logger.setAdditive(false);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void restore() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  @Test
  void shouldShowNothingOfTheRecordInLogsOrReports() {
    DeadLetter letter =
        Letters.FACTORY.create(
            Letters.record(
                "orders",
                1,
                Letters.bytes(SECRET),
                Letters.bytes(SECRET),
                new RecordHeaders().add(SECRET, Letters.bytes(SECRET))),
            Reason.EXHAUSTED,
            new IllegalStateException(SECRET, new IllegalArgumentException(SECRET)),
            8,
            Letters.FIRST,
            Letters.LAST);
    List<String> shown = new ArrayList<>(List.of(letter.toString(), letter.stackTrace()));
    for (DeadLetterPolicy policy :
        List.of(
            DeadLetterPolicy.toTopic("dead"),
            DeadLetterPolicy.routed(l -> "no topic " + SECRET),
            DeadLetterPolicy.toTopic("dead")
                .redact(
                    l -> {
                      throw new IllegalStateException(SECRET);
                    }))) {
      for (RuntimeException failure :
          List.of(
              new KafkaException(SECRET),
              new RecordTooLargeException(SECRET),
              new InvalidRecordException(SECRET),
              new TopicAuthorizationException(SECRET))) {
        shown.addAll(run(policy, letter, failure));
      }
    }
    lines.list.forEach(line -> shown.addAll(text(line)));

    assertThat(lines.list).as("something was logged at all").isNotEmpty();
    assertThat(shown).noneMatch(text -> text.contains(SECRET));
  }

  private static List<String> run(
      DeadLetterPolicy policy, DeadLetter letter, RuntimeException failure) {
    SinkHarness harness = new SinkHarness(policy);
    Told told = new Told();
    told.during =
        () -> {
          throw new IllegalStateException(SECRET);
        };
    harness.sink.send(letter, told);
    harness.executor.run();
    if (!harness.producers.isEmpty()) {
      harness.producer().closeException = new KafkaException(SECRET);
      for (int i = 0; i < 8 && harness.producer().errorNext(failure); i++) {
        harness.executor.advance(Duration.ofMinutes(1));
      }
    }
    List<String> shown = new ArrayList<>(told.all);
    harness.sink.trouble().ifPresent(trouble -> shown.add(trouble.toString()));
    harness.sink.close(Duration.ofSeconds(1));
    assertThat(shown).isNotEmpty();
    return shown;
  }

  private static List<String> text(ILoggingEvent line) {
    List<String> text = new ArrayList<>(List.of(line.getFormattedMessage()));
    for (IThrowableProxy t = line.getThrowableProxy(); t != null; t = t.getCause()) {
      text.add(String.valueOf(t.getMessage()));
    }
    return text;
  }
}
