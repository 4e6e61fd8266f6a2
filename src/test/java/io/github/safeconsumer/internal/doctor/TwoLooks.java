package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import io.github.safeconsumer.internal.doctor.Sample.Member;
import io.github.safeconsumer.internal.doctor.Sample.Transaction;
import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A group of two members as it was seen twice, ten seconds apart; a test changes what it wants. */
final class TwoLooks {
  static final Instant FIRST = Instant.parse("2026-01-02T03:04:00Z");
  static final Instant SECOND = FIRST.plusSeconds(10);
  static final TopicPartition P0 = new TopicPartition("orders", 0);
  static final TopicPartition P1 = new TopicPartition("orders", 1);

  final Look before = new Look(FIRST);
  final Look now = new Look(SECOND);

  /** One look; two members with a partition each, all done. */
  static final class Look {
    final Instant at;
    String state = "STABLE";
    boolean simple;
    List<Member> members = new ArrayList<>(List.of(member("a", 1, P0), member("b", 2, P1)));
    final Map<TopicPartition, Log> logs = new HashMap<>();
    final Map<String, Duration> retention = new HashMap<>();
    List<TopicPartition> refused = List.of();
    List<TopicPartition> leaderless = List.of();

    Look(Instant at) {
      this.at = at;
      log(P0, 100, 100);
      log(P1, 100, 100);
    }

    Look log(TopicPartition partition, long committed, long end) {
      return log(partition, committed, end, null, Duration.ofMinutes(1));
    }

    Look noted(TopicPartition partition, long committed, long end, Note note) {
      return log(partition, committed, end, note, Duration.ofMinutes(1));
    }

    Look aged(TopicPartition partition, long committed, long end, Duration age) {
      return log(partition, committed, end, null, age);
    }

    private Look log(
        TopicPartition partition, long committed, long end, @Nullable Note note, Duration age) {
      Optional<Instant> oldest = committed < end ? Optional.of(at.minus(age)) : Optional.empty();
      return put(
          partition,
          new Log(
              OptionalLong.of(committed),
              Optional.ofNullable(note),
              0,
              end,
              end,
              end,
              oldest,
              false,
              Optional.empty()));
    }

    /** Nothing is committed. */
    Look fresh(TopicPartition partition, long begin, long end) {
      return put(
          partition,
          new Log(
              OptionalLong.empty(),
              Optional.empty(),
              begin,
              end,
              end,
              end,
              Optional.empty(),
              false,
              Optional.empty()));
    }

    /** A transaction is open from {@code stable} on. */
    Look open(TopicPartition partition, long committed, long stable, long high, Instant last) {
      return put(
          partition,
          new Log(
              OptionalLong.of(committed),
              Optional.empty(),
              0,
              stable,
              high,
              high,
              Optional.empty(),
              false,
              Optional.of(new Transaction(4_711, last))));
    }

    Look put(TopicPartition partition, Log log) {
      logs.put(partition, log);
      return this;
    }

    Sample sample() {
      return new Sample(
          at,
          "billing",
          "CONSUMER",
          state,
          simple,
          List.copyOf(members),
          Map.copyOf(logs),
          refused,
          leaderless,
          Map.copyOf(retention),
          List.of());
    }
  }

  static Member member(String client, int number, TopicPartition... owns) {
    return new Member(client + "-" + number, client, "/10.0.0." + number, List.of(owns), List.of());
  }

  static Note note(@Nullable CrashCase crash, RetryEntry... retries) {
    return new Note(
        Identity.of(null, null),
        100,
        Mode.OPEN,
        1,
        1_000,
        crash,
        List.of(),
        List.of(retries),
        List.of());
  }

  GroupReport report() {
    Recollection recollection = new Recollection();
    recollection.add(before.sample());
    return Reporting.report(recollection.add(now.sample()));
  }

  List<String> codes() {
    return report().causes().stream().map(Cause::code).toList();
  }

  Cause cause() {
    return report().causes().get(0);
  }
}
