package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.History;
import io.github.safeconsumer.DeadLetter.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLetterHeadersTest {
  private static final DeadLetter FULL =
      new DeadLetter(
          "id-1",
          new TopicPartition("orders", 3),
          42,
          1_700_000_000_000L,
          TimestampType.LOG_APPEND_TIME,
          Optional.of(7),
          Optional.of("cluster-1"),
          Letters.bytes("k"),
          Letters.bytes("v"),
          List.of(new RecordHeader("trace", Letters.bytes("t-1")), new RecordHeader("trace", null)),
          "grüppe",
          "client-1",
          "host-1",
          Reason.NON_RETRYABLE,
          "java.lang.IllegalStateException",
          "message 😀",
          "stack",
          8,
          Letters.FIRST,
          Letters.LAST,
          "1.2.3",
          Optional.of(new History(2, "id-0", new TopicPartition("older", 1), 5)),
          Map.of("value", 2_000_000, "headers", 12));

  @Test
  void shouldReadBackWhatWasWritten() {
    assertThat(decode(DeadLetterHeaders.encode(FULL, false), FULL.key(), FULL.value()))
        .contains(FULL);
    DeadLetter plain = Letters.letter(1);
    assertThat(decode(DeadLetterHeaders.encode(plain, false), plain.key(), plain.value()))
        .contains(plain);
  }

  @Test
  void shouldReadBackEveryReason() {
    for (Reason reason : Reason.values()) {
      DeadLetter letter =
          Letters.FACTORY.create(Letters.record(1), reason, null, 1, Letters.FIRST, Letters.LAST);
      assertThat(decode(DeadLetterHeaders.encode(letter, false), null, null).orElseThrow().reason())
          .isEqualTo(reason);
    }
  }

  @Test
  void shouldWriteTextThatPeopleCanRead() {
    Headers headers = new RecordHeaders(DeadLetterHeaders.encode(FULL, true));

    assertThat(text(headers, "safeconsumer.dlt.version")).isEqualTo("1");
    assertThat(text(headers, "safeconsumer.dlt.origin.offset")).isEqualTo("42");
    assertThat(text(headers, "safeconsumer.dlt.reason")).isEqualTo("non-retryable");
    assertThat(text(headers, "safeconsumer.dlt.first-failure"))
        .isEqualTo("2026-03-01T10:00:00.123Z");
    assertThat(text(headers, "safeconsumer.dlt.truncated")).isEqualTo("headers=12,value=2000000");
    assertThat(text(headers, "safeconsumer.dlt.null-key")).isEqualTo("true");
    assertThat(text(headers, "safeconsumer.dlt.history.times")).isEqualTo("2");
  }

  @Test
  void shouldPutTheRecordsOwnHeadersFirstAndUnchanged() {
    List<Header> all = DeadLetterHeaders.encode(FULL, false);

    assertThat(all.subList(0, 2)).isEqualTo(FULL.headers());
    assertThat(all.subList(2, all.size()))
        .allMatch(header -> DeadLetterHeaders.reserved(header.key()));
  }

  @Test
  void shouldWriteNoHeaderTwiceEvenIfRedactAddsReservedOnes() {
    DeadLetter letter =
        FULL.withHeaders(
            List.of(new RecordHeader(DeadLetterHeaders.TOPIC, Letters.bytes("forged"))));
    List<Header> all = DeadLetterHeaders.encode(letter, false);

    assertThat(all.stream().map(Header::key)).doesNotHaveDuplicates();
    assertThat(decode(all, null, null).orElseThrow().origin().topic()).isEqualTo("orders");
  }

  @Test
  void shouldLeaveOutWhatIsNotKnown() {
    DeadLetterFactory factory = new DeadLetterFactory("g", "c", "h", Optional::empty);
    DeadLetter letter =
        factory.create(Letters.record(1), Reason.EXHAUSTED, null, 8, Letters.FIRST, Letters.LAST);
    List<String> names = DeadLetterHeaders.encode(letter, false).stream().map(Header::key).toList();

    assertThat(names)
        .doesNotContain(
            DeadLetterHeaders.CLUSTER,
            DeadLetterHeaders.EXCEPTION_CLASS,
            DeadLetterHeaders.TRUNCATED,
            DeadLetterHeaders.NULL_KEY);
  }

  @Test
  void shouldGiveTheNullKeyBack() {
    DeadLetter letter = FULL.withKey(null);

    assertThat(
            decode(
                DeadLetterHeaders.encode(letter, true), Letters.bytes(letter.id()), letter.value()))
        .contains(letter);
  }

  @Test
  void shouldSeeNoDeadLetterInARecordThatIsNone() {
    assertThat(DeadLetterDecoder.decode(Letters.record(1))).isEmpty();
    assertThat(decode(without(DeadLetterHeaders.TOPIC), null, null)).isEmpty();
    assertThat(decode(without(DeadLetterHeaders.PARTITION), null, null)).isEmpty();
    assertThat(decode(without(DeadLetterHeaders.OFFSET), null, null)).isEmpty();
    assertThat(decode(without(DeadLetterHeaders.VERSION), null, null)).isEmpty();
  }

  @Test
  void shouldNotGuessAtAFormatOfTheFuture() {
    List<Header> future = without(DeadLetterHeaders.VERSION);
    future.add(new RecordHeader(DeadLetterHeaders.VERSION, Letters.bytes("2")));

    assertThat(decode(future, null, null)).isEmpty();
  }

  @Test
  void shouldReadWhatItCanOfADamagedLetter() {
    List<Header> damaged = new ArrayList<>(DeadLetterHeaders.encode(FULL, false));
    for (String name :
        List.of(
            DeadLetterHeaders.ATTEMPTS,
            DeadLetterHeaders.FIRST_FAILURE,
            DeadLetterHeaders.REASON,
            DeadLetterHeaders.TIMESTAMP,
            DeadLetterHeaders.TIMESTAMP_TYPE,
            DeadLetterHeaders.LEADER_EPOCH,
            DeadLetterHeaders.HISTORY_OFFSET,
            DeadLetterHeaders.TRUNCATED)) {
      damaged.add(new RecordHeader(name, Letters.bytes("99999999999999999999 ???")));
    }
    DeadLetter read = decode(damaged, null, null).orElseThrow();

    assertThat(read.origin()).isEqualTo(FULL.origin());
    assertThat(read.groupId()).isEqualTo("grüppe");
    assertThat(read.attempts()).isZero();
    assertThat(read.firstFailure()).isEqualTo(Instant.EPOCH);
    assertThat(read.reason()).isEqualTo(Reason.OTHER);
    assertThat(read.timestamp()).isEqualTo(-1);
    assertThat(read.timestampType()).isEqualTo(TimestampType.NO_TIMESTAMP_TYPE);
    assertThat(read.leaderEpoch()).isEmpty();
    assertThat(read.history()).isEmpty();
    assertThat(read.truncated()).isEmpty();
  }

  @Test
  void shouldNeverThrowOnForeignBytes() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<Header> valid = DeadLetterHeaders.encode(FULL, true);
    for (int round = 0; round < 8_000; round++) {
      Headers headers = new RecordHeaders();
      for (Header header : valid) {
        int dice = random.nextInt(10);
        if (dice > 0) {
          headers.add(header.key(), dice > 5 ? header.value() : foreign(random, header.value()));
        }
      }
      ConsumerRecord<byte[], byte[]> record =
          Letters.record(
              "orders.dlt", 0, foreign(random, FULL.key()), foreign(random, FULL.value()), headers);
      try {
        Optional<DeadLetter> decoded = DeadLetterDecoder.decode(record);
        // What can be read can be written and read again.
        decoded.ifPresent(
            letter ->
                assertThat(
                        decode(
                            DeadLetterHeaders.encode(letter, letter.key() == null),
                            letter.key(),
                            letter.value()))
                    .contains(letter));
        DeadLetterDecoder.history(headers);
        Letters.letter(record);
      } catch (Throwable t) {
        throw new AssertionError("seed " + seed + ", round " + round, t);
      }
    }
  }

  private static byte[] foreign(Random random, byte[] valid) {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> {
        byte[] noise = new byte[random.nextInt(40)];
        random.nextBytes(noise);
        yield noise;
      }
      case 3 ->
          Letters.bytes(
              List.of(
                      "-1",
                      "0",
                      "+7",
                      "9223372036854775807",
                      "9223372036854775808",
                      "NaN",
                      "=,=5,a=,b=1",
                      "..",
                      "1")
                  .get(random.nextInt(9)));
      case 4 -> {
        byte[] flipped = valid == null ? new byte[3] : valid.clone();
        if (flipped.length > 0) {
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
      default -> Letters.bytes("x".repeat(random.nextInt(20_000)));
    };
  }

  private static List<Header> without(String name) {
    List<Header> headers = new ArrayList<>(DeadLetterHeaders.encode(FULL, false));
    headers.removeIf(header -> header.key().equals(name));
    return headers;
  }

  private static Optional<DeadLetter> decode(List<Header> headers, byte[] key, byte[] value) {
    return DeadLetterDecoder.decode(
        Letters.record("orders.dlt", 0, key, value, new RecordHeaders(headers)));
  }

  private static String text(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
