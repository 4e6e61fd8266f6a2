package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.History;
import io.github.safeconsumer.DeadLetter.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLetterFactoryTest {
  @Test
  void shouldHoldAllThatIsKnown() {
    ConsumerRecord<byte[], byte[]> raw = Letters.record(42);
    Exception failure = new IllegalStateException("no such customer");

    DeadLetter letter =
        Letters.FACTORY.create(raw, Reason.EXHAUSTED, failure, 8, Letters.FIRST, Letters.LAST);

    assertThat(letter.origin()).isEqualTo(new TopicPartition("orders", 3));
    assertThat(letter.offset()).isEqualTo(42);
    assertThat(letter.timestamp()).isEqualTo(raw.timestamp());
    assertThat(letter.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
    assertThat(letter.leaderEpoch()).contains(7);
    assertThat(letter.clusterId()).contains("cluster-1");
    assertThat(letter.key()).isSameAs(raw.key());
    assertThat(letter.value()).isSameAs(raw.value());
    assertThat(letter.headers()).containsExactlyElementsOf(raw.headers());
    assertThat(letter.groupId()).isEqualTo("billing");
    assertThat(letter.clientId()).isEqualTo("billing-1");
    assertThat(letter.host()).isEqualTo("host-1");
    assertThat(letter.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(letter.exceptionClass()).isEqualTo("java.lang.IllegalStateException");
    assertThat(letter.exceptionMessage()).isEqualTo("no such customer");
    assertThat(letter.stackTrace())
        .startsWith("java.lang.IllegalStateException\n\tat io.github.safeconsumer");
    assertThat(letter.attempts()).isEqualTo(8);
    assertThat(letter.firstFailure()).isEqualTo(Letters.FIRST);
    assertThat(letter.lastFailure()).isEqualTo(Letters.LAST);
    assertThat(letter.libraryVersion()).isNotBlank();
    assertThat(letter.history()).isEmpty();
    assertThat(letter.truncated()).isEmpty();
  }

  @Test
  void shouldGiveTheSameIdOnEveryOwnerAndInEveryRun() {
    DeadLetterFactory other =
        new DeadLetterFactory("billing", "billing-2", "host-2", () -> Optional.of("cluster-1"));
    DeadLetter again =
        other.create(Letters.record(42), Reason.NON_RETRYABLE, null, 1, Letters.LAST, Letters.LAST);

    assertThat(again.id()).isEqualTo(Letters.letter(42).id()).hasSize(32);
    // Written down, so that no later version gives other ids to the same records.
    assertThat(DeadLetterFactory.id("c", new TopicPartition("t", 1), 2, "g"))
        .isEqualTo("eaf7ae863dfca99781ceb3579f0c8452");
  }

  @Test
  void shouldGiveDifferentIdsToDifferentRecords() {
    Set<String> ids = new HashSet<>();
    for (String cluster : List.of("", "a", "ab")) {
      for (String topic : List.of("b", "bc", "a")) {
        for (int partition : new int[] {0, 1, 11}) {
          for (long offset : new long[] {0, 1, 10}) {
            for (String group : List.of("g", "1g", "")) {
              assertThat(
                      ids.add(
                          DeadLetterFactory.id(
                              cluster, new TopicPartition(topic, partition), offset, group)))
                  .isTrue();
            }
          }
        }
      }
    }
  }

  @Test
  void shouldBeMadeWithoutAnException() {
    DeadLetter letter =
        Letters.FACTORY.create(
            Letters.record(1), Reason.EXHAUSTED, null, 8, Letters.FIRST, Letters.LAST);

    assertThat(letter.exceptionClass()).isEmpty();
    assertThat(letter.exceptionMessage()).isEmpty();
    assertThat(letter.stackTrace()).isEmpty();
  }

  @Test
  void shouldBoundWhatAnExceptionSays() {
    Exception huge =
        new IllegalStateException(
            "m".repeat(5_000_000), new IllegalArgumentException("n".repeat(5_000_000)));
    DeadLetter letter =
        Letters.FACTORY.create(
            Letters.record(1), Reason.EXHAUSTED, huge, 8, Letters.FIRST, Letters.LAST);

    assertThat(letter.exceptionMessage()).hasSize(1_000).endsWith("...");
    assertThat(letter.stackTrace().length()).isLessThanOrEqualTo(8_000);
  }

  @Test
  void shouldKeepTheMessageInOnePlaceSoThatRedactReachesIt() {
    Exception failure =
        new IllegalStateException("card 4711", new java.io.IOException("card 4711 refused"));
    DeadLetter letter =
        Letters.FACTORY.create(
            Letters.record(1), Reason.EXHAUSTED, failure, 8, Letters.FIRST, Letters.LAST);

    assertThat(letter.exceptionMessage()).contains("4711");
    assertThat(letter.withExceptionMessage("").stackTrace())
        .contains("Caused by: java.io.IOException")
        .doesNotContain("4711");
    assertThat(letter.toString())
        .doesNotContain("4711")
        .doesNotContain("value-1")
        .doesNotContain("key-1")
        .doesNotContain("t-1");
  }

  @Test
  void shouldKeepTheFirstOriginOfARecordThatFailsAgainAndAgainWithoutGrowing() {
    DeadLetter first = Letters.letter(42);
    DeadLetter letter = first;
    int size = 0;
    for (int times = 1; times <= 50; times++) {
      Headers headers = new RecordHeaders(DeadLetterHeaders.encode(letter, false));
      letter =
          Letters.letter(
              Letters.record("orders.dlt", 1_000 + times, letter.key(), letter.value(), headers));

      assertThat(letter.history()).contains(new History(times, first.id(), first.origin(), 42));
      assertThat(letter.headers()).isEqualTo(first.headers());
      int now = DeadLetterHeaders.encode(letter, false).size();
      assertThat(times == 1 || now == size).as("headers do not grow").isTrue();
      size = now;
    }
    assertThat(letter.origin().topic()).isEqualTo("orders.dlt");
  }

  @Test
  void shouldNotBelieveForgedHistory() {
    Headers forged =
        new RecordHeaders()
            .add(DeadLetterHeaders.VERSION, Letters.bytes("1"))
            .add(DeadLetterHeaders.TOPIC, Letters.bytes("not a topic"))
            .add(DeadLetterHeaders.HISTORY_TIMES, Letters.bytes("-3"));
    DeadLetter letter = Letters.letter(Letters.record("orders", 1, null, null, forged));

    assertThat(letter.history()).isEmpty();
    assertThat(letter.headers()).isEmpty();
  }

  @Test
  void shouldNameTheHostWithoutALookUpWhereTheEnvironmentTellsIt() {
    assertThat(HostName.find(Map.of("HOSTNAME", " pod-1 "))).isEqualTo("pod-1");
    assertThat(HostName.find(Map.of("HOSTNAME", " ", "COMPUTERNAME", "PC"))).isEqualTo("PC");
    assertThat(HostName.find(Map.of())).isNotBlank();
  }

  @Test
  void shouldSayUnknownWhereTheVersionIsNotWritten() {
    assertThat(LibraryVersion.read("/no/such/file")).isEqualTo("unknown");
  }
}
