package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.internal.deadletter.SinkHarness.Told;
import io.github.safeconsumer.internal.shell.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class ProducerDeadLetterSinkTest {
  @Test
  void shouldSendTheRawRecordWithItsHistoryAndReportItOnlyWhenAcknowledged() {
    SinkHarness harness = SinkHarness.toTopic();
    Told told = harness.sendNow(42);

    assertThat(told.all).isEmpty();
    assertThat(told.sending.inFlight()).isTrue();
    ProducerRecord<byte[], byte[]> sent = harness.producer().history().get(0);
    assertThat(sent.topic()).isEqualTo("dead");
    assertThat(sent.partition()).as("Kafka's partitioner decides by the key").isNull();
    assertThat(sent.timestamp()).as("the time of sending").isNull();
    assertThat(DeadLetterDecoder.decode(Letters.readBack(sent))).contains(told.letter);

    harness.acknowledge();
    assertThat(told.all).containsExactly("acknowledged dead");
    assertThat(told.sending.inFlight()).isFalse();
    assertThat(told.sending.cancel()).isFalse();
  }

  @Test
  void shouldMakeNoProducerBeforeTheFirstLetterAndNeverOnTheCallersThread() {
    SinkHarness harness = SinkHarness.toTopic();
    assertThat(harness.producers).isEmpty();

    harness.send(1);
    assertThat(harness.producers).isEmpty();

    harness.executor.run();
    harness.sendNow(2);
    assertThat(harness.producers).hasSize(1);
  }

  @Test
  void shouldHaveLettersOfDifferentLanesInFlightTogether() {
    SinkHarness harness = SinkHarness.toTopic();
    harness.sendNow(1);
    harness.sendNow(2);
    harness.sendNow(3);

    assertThat(harness.producer().history()).hasSize(3);
  }

  @Test
  void shouldRepeatEndlesslyWithABackOffThatIsBounded() {
    SinkHarness harness = SinkHarness.toTopic();
    Told told = harness.sendNow(1);
    for (int i = 0; i < 100; i++) {
      harness.fail(new NotEnoughReplicasException("x"));
      harness.executor.advance(Duration.ofSeconds(30));
    }

    assertThat(told.all)
        .hasSize(100)
        .startsWith(
            "failed dead NotEnoughReplicasException 100",
            "failed dead NotEnoughReplicasException 200",
            "failed dead NotEnoughReplicasException 400")
        .endsWith("failed dead NotEnoughReplicasException 30000");
    harness.acknowledge();
    assertThat(told.last()).isEqualTo("acknowledged dead");
    assertThat(harness.producers).as("a passing failure keeps its producer").hasSize(1);
  }

  @Test
  void shouldWaitTheDelayThatItNamed() {
    SinkHarness harness = SinkHarness.toTopic();
    harness.sendNow(1);
    harness.fail(new NotEnoughReplicasException("x"));

    harness.executor.advance(Duration.ofMillis(99));
    assertThat(harness.producer().history()).hasSize(1);
    harness.executor.advance(Duration.ofMillis(1));
    assertThat(harness.producer().history()).hasSize(2);
  }

  @Test
  void shouldReplaceABrokenProducerOnceForAllItsLetters() {
    SinkHarness harness = SinkHarness.toTopic();
    for (RuntimeException fatal :
        List.of(
            new ProducerFencedException("x"),
            new OutOfOrderSequenceException("x"),
            new KafkaException("x"),
            new IllegalStateException("closed"))) {
      int before = harness.producers.size();
      Told one = harness.sendNow(1);
      Told two = harness.sendNow(2);
      SinkHarness.Mock broken = harness.producer();
      broken.errorNext(fatal);
      broken.errorNext(fatal);
      harness.executor.advance(Duration.ofSeconds(1));

      assertThat(broken.closed()).isTrue();
      assertThat(harness.producers).hasSizeLessThanOrEqualTo(before + 2);
      assertThat(harness.producer()).isNotSameAs(broken);
      harness.acknowledge();
      harness.acknowledge();
      assertThat(one.last()).isEqualTo("acknowledged dead");
      assertThat(two.last()).isEqualTo("acknowledged dead");
    }
  }

  @Test
  void shouldSurviveASendThatThrows() {
    SinkHarness harness = SinkHarness.toTopic();
    harness.next =
        () -> {
          SinkHarness.Mock throwing = new SinkHarness.Mock();
          throwing.sendException =
              harness.producers.isEmpty() ? new KafkaException("in an error state") : null;
          return throwing;
        };
    Told told = harness.sendNow(1);
    assertThat(told.all).containsExactly("failed dead KafkaException 100");

    harness.executor.advance(Duration.ofMillis(100));
    harness.acknowledge();
    assertThat(told.last()).isEqualTo("acknowledged dead");
    assertThat(harness.producers).hasSize(2);
  }

  @Test
  void shouldAskForAProducerAgainWhenNoneCouldBeMade() {
    SinkHarness harness = SinkHarness.toTopic();
    harness.next =
        () -> {
          throw new KafkaException("keystore not there yet");
        };
    Told told = harness.sendNow(1);
    assertThat(told.all).containsExactly("failed dead KafkaException 100");
    assertThat(harness.sink.failing()).isTrue();

    harness.next = SinkHarness.Mock::new;
    harness.executor.advance(Duration.ofMillis(100));
    harness.acknowledge();
    assertThat(told.last()).isEqualTo("acknowledged dead");
  }

  @Test
  void shouldRetryMissingPermissionSlowly() {
    SinkHarness harness = SinkHarness.toTopic();
    Told told = harness.sendNow(1);
    harness.fail(new TopicAuthorizationException("dead"));
    assertThat(told.last()).isEqualTo("failed dead TopicAuthorizationException 30000");
    assertThat(harness.producer().closed()).isFalse();

    harness.executor.advance(Duration.ofSeconds(30));
    SinkHarness.Mock refused = harness.producer();
    harness.fail(new AuthenticationException("x"));
    assertThat(told.last()).isEqualTo("failed dead AuthenticationException 30000");
    assertThat(refused.closed()).as("new credentials need a new producer").isTrue();
  }

  @Test
  void shouldLoseTheStackFirstWhenTheTopicRefusesTheSize() {
    SinkHarness harness = SinkHarness.toTopic();
    DeadLetter letter =
        Letters.letter(
            Letters.record(
                "orders", 1, Letters.bytes("k"), new byte[200_000], Letters.record(1).headers()));
    Told told = new Told();
    told.sending = harness.sink.send(letter, told);
    harness.executor.run();
    List<DeadLetter> forms = new ArrayList<>();
    while (!told.last().startsWith("blocked")) {
      List<ProducerRecord<byte[], byte[]>> sent = harness.producer().history();
      forms.add(
          DeadLetterDecoder.decode(Letters.readBack(sent.get(sent.size() - 1))).orElseThrow());
      harness.fail(new RecordTooLargeException("x"));
    }

    assertThat(forms).hasSize(6);
    assertThat(forms.get(0)).isEqualTo(letter);
    assertThat(forms.get(1))
        .isEqualTo(
            letter.withStackTrace("").withTruncated(Map.of("stack", letter.stackTrace().length())));
    assertThat(forms.get(2).value()).hasSize(64 * 1024);
    assertThat(forms.get(2).truncated()).containsEntry("value", 200_000);
    assertThat(forms.get(3).headers()).isEmpty();
    assertThat(forms.get(3).truncated()).containsEntry("headers", 1);
    assertThat(forms.get(4).value()).hasSize(1024);
    assertThat(forms.get(4).truncated()).containsEntry("value", 200_000);
    assertThat(forms.get(5).exceptionMessage()).isEmpty();
    assertThat(forms).allMatch(form -> form.id().equals(letter.id()) && form.offset() == 1);
    assertThat(told.last()).contains("smallest form").contains("raise max.message.bytes of dead");
    assertThat(told.all.get(0)).isEqualTo("failed dead RecordTooLargeException 0");
    assertThat(harness.sink.failing()).isFalse();
  }

  @Test
  void shouldGiveANullKeyTheIdWhereTheTopicIsCompacted() {
    SinkHarness harness = SinkHarness.toTopic();
    DeadLetter letter = Letters.letter(1).withKey(null);
    Told told = new Told();
    harness.sink.send(letter, told);
    harness.executor.run();
    harness.fail(new InvalidRecordException("x"));
    ProducerRecord<byte[], byte[]> sent = harness.producer().history().get(1);

    assertThat(sent.key()).isEqualTo(Letters.bytes(letter.id()));
    assertThat(DeadLetterDecoder.decode(Letters.readBack(sent))).contains(letter);
    harness.fail(new InvalidRecordException("x"));
    assertThat(told.last()).startsWith("blocked topic dead refuses this dead letter");
  }

  @Test
  void shouldBlockWhatNoRepetitionCanHelp() {
    SinkHarness harness = SinkHarness.toTopic();
    Told keyed = harness.sendNow(1);
    harness.fail(new InvalidRecordException("x"));
    Told invalid = harness.sendNow(2);
    harness.fail(new InvalidTopicException("x"));

    assertThat(keyed.all).hasSize(1);
    assertThat(keyed.last()).startsWith("blocked").contains("cleanup.policy=delete");
    assertThat(invalid.last()).startsWith("blocked").contains("InvalidTopicException");
    assertThat(keyed.sending.inFlight()).isFalse();
    assertThat(keyed.sending.cancel()).isFalse();
    assertThat(harness.executor.pending()).isZero();
  }

  @Test
  void shouldAddSuffixOrRouteAndRedactOnceForALetter() {
    SinkHarness suffix = new SinkHarness(DeadLetterPolicy.suffix(".dlt"));
    suffix.sendNow(1);
    assertThat(suffix.producer().history().get(0).topic()).isEqualTo("orders.dlt");

    List<String> calls = new ArrayList<>();
    SinkHarness routed =
        new SinkHarness(
            DeadLetterPolicy.routed(
                    letter -> {
                      calls.add(
                          "route "
                              + new String(
                                  letter.value(), java.nio.charset.StandardCharsets.UTF_8));
                      return "dead." + letter.offset();
                    })
                .redact(
                    letter -> {
                      calls.add("redact");
                      return letter
                          .withValue(null)
                          .withKey(null)
                          .withHeaders(List.of())
                          .withExceptionMessage("");
                    }));
    routed.sendNow(7);
    routed.fail(new NotEnoughReplicasException("x"));
    routed.executor.advance(Duration.ofSeconds(1));

    ProducerRecord<byte[], byte[]> sent = routed.producer().history().get(1);
    assertThat(sent.topic()).isEqualTo("dead.7");
    assertThat(sent.value()).isNull();
    assertThat(sent.key()).isNull();
    assertThat(sent.headers().lastHeader("trace")).isNull();
    assertThat(sent.headers().lastHeader(DeadLetterHeaders.EXCEPTION_MESSAGE)).isNull();
    assertThat(calls).containsExactly("route value-7", "redact");
  }

  @Test
  void shouldBlockAndNameTheRemedyWhereTheUsersFunctionsMisbehave() {
    UnaryOperator<DeadLetter> nothing = letter -> null;
    UnaryOperator<DeadLetter> hostile =
        letter -> {
          Thread.currentThread().interrupt();
          throw new StackOverflowError("secret");
        };
    assertThat(blocked(DeadLetterPolicy.toTopic("dead").redact(nothing)))
        .contains("redact() returned null");
    assertThat(blocked(DeadLetterPolicy.toTopic("dead").redact(hostile)))
        .contains("redact() threw java.lang.StackOverflowError")
        .doesNotContain("secret");
    assertThat(Thread.interrupted())
        .as("the user's interrupt does not reach our next send")
        .isFalse();
    assertThat(
            blocked(
                DeadLetterPolicy.toTopic("dead")
                    .redact(letter -> letter.withExceptionMessage(null))))
        .contains("NullPointerException");
    assertThat(blocked(DeadLetterPolicy.routed(letter -> null))).contains("routed() returned null");
    assertThat(
            blocked(
                DeadLetterPolicy.routed(
                    letter -> {
                      throw new IllegalStateException("secret");
                    })))
        .contains("routed() threw java.lang.IllegalStateException")
        .doesNotContain("secret");
    assertThat(blocked(DeadLetterPolicy.routed(letter -> "not a topic: secret")))
        .contains("no valid topic name")
        .doesNotContain("secret");
    assertThat(blocked(DeadLetterPolicy.routed(letter -> "payments")))
        .contains("reads topic payments itself");
    assertThat(blocked(DeadLetterPolicy.suffix("x".repeat(249)))).contains("no valid topic name");
  }

  private static String blocked(DeadLetterPolicy policy) {
    SinkHarness harness = new SinkHarness(policy);
    Told told = harness.sendNow(1);
    assertThat(told.all).hasSize(1);
    assertThat(harness.producers).isEmpty();
    assertThat(told.last()).startsWith("blocked ").contains("restart");
    return told.last();
  }

  @Test
  void shouldRefuseAPolicyWithoutTopic() {
    Subscription subscription = new Subscription(List.of("orders"), null);
    ManualExecutor executor = new ManualExecutor();
    assertThatThrownBy(
            () ->
                new ProducerDeadLetterSink(
                    DeadLetterPolicy.none(),
                    subscription,
                    Map.of(),
                    settings -> new SinkHarness.Mock(),
                    new ProducerDeadLetterSink.Surroundings(
                        executor,
                        executor.clock(),
                        executor::nanoTime,
                        () -> 0.5,
                        Runnable::run,
                        Platform.system().execution()::await)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldKeepOtherTopicsFlowingWhileOneIsMissing() {
    SinkHarness harness =
        new SinkHarness(
            DeadLetterPolicy.routed(letter -> letter.offset() < 100 ? "missing" : "dead"));
    int[] blockingSends = {0};
    boolean[] exists = {false};
    harness.next =
        () ->
            new SinkHarness.Mock() {
              @Override
              public synchronized Future<RecordMetadata> send(
                  ProducerRecord<byte[], byte[]> record, Callback callback) {
                if (record.topic().equals("missing") && !exists[0]) {
                  blockingSends[0]++;
                  harness.executor.pass(Duration.ofSeconds(5));
                  callback.onCompletion(
                      null,
                      new TimeoutException("Topic missing not present in metadata after 5000 ms."));
                  return java.util.concurrent.CompletableFuture.failedFuture(
                      new TimeoutException());
                }
                return super.send(record, callback);
              }
            };
    List<Told> missing = new ArrayList<>();
    for (int offset = 0; offset < 50; offset++) {
      missing.add(harness.send(offset));
    }
    harness.executor.advance(Duration.ofMinutes(5));
    Told good = harness.send(100);
    harness.executor.advance(Duration.ofSeconds(6));

    assertThat(good.sending.inFlight()).as("not kept waiting by 50 letters of 5 s each").isTrue();
    assertThat(blockingSends[0]).isBetween(5, 25);
    assertThat(harness.sink.trouble().orElseThrow().topic()).isEqualTo("missing");

    exists[0] = true;
    harness.executor.advance(Duration.ofMinutes(5));
    while (harness.producer().completeNext()) {
      harness.executor.run();
    }
    assertThat(missing).extracting(Told::last).containsOnly("acknowledged missing");
    assertThat(harness.sink.failing()).isFalse();
  }

  @Test
  void shouldSayWhatFailsAndSinceWhen() {
    SinkHarness harness = SinkHarness.toTopic();
    harness.sendNow(1);
    harness.sendNow(2);
    assertThat(harness.sink.failing()).isFalse();
    assertThat(harness.sink.trouble()).isEmpty();

    harness.fail(new NotEnoughReplicasException("x"));
    harness.executor.advance(Duration.ofMillis(50));
    harness.fail(new TimeoutException("x"));
    assertThat(harness.sink.failing()).isTrue();
    assertThat(harness.sink.trouble())
        .contains(
            new DeadLetterSink.Trouble(
                "dead",
                NotEnoughReplicasException.class.getName(),
                harness.executor.clock().instant().minusMillis(50),
                2));

    harness.executor.advance(Duration.ofSeconds(1));
    harness.acknowledge();
    assertThat(harness.sink.failing()).as("one letter still fails").isTrue();
    harness.acknowledge();
    assertThat(harness.sink.failing()).isFalse();
  }

  @Test
  void shouldSayThatAUsersFunctionDoesNotReturn() {
    boolean[] seen = new boolean[2];
    SinkHarness[] self = new SinkHarness[1];
    self[0] =
        new SinkHarness(
            DeadLetterPolicy.toTopic("dead")
                .redact(
                    letter -> {
                      seen[0] = self[0].sink.failing();
                      self[0].executor.pass(Duration.ofSeconds(31));
                      seen[1] =
                          self[0].sink.failing()
                              && self[0]
                                  .sink
                                  .trouble()
                                  .orElseThrow()
                                  .exceptionClass()
                                  .contains("redact()");
                      return letter;
                    }));
    self[0].sendNow(1);

    assertThat(seen).containsExactly(false, true);
    assertThat(self[0].sink.failing()).isFalse();
  }

  @Test
  void shouldSurviveAProgressThatThrows() {
    SinkHarness harness = SinkHarness.toTopic();
    Told told = harness.sendNow(1);
    told.during =
        () -> {
          throw new StackOverflowError();
        };
    harness.fail(new NotEnoughReplicasException("x"));
    harness.executor.advance(Duration.ofSeconds(1));
    harness.acknowledge();

    assertThat(told.last()).isEqualTo("acknowledged dead");
    assertThat(told.sending.inFlight()).isFalse();
  }
}
