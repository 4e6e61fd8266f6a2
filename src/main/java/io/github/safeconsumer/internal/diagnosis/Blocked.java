package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.Cause;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.diagnosis.Facts.Running;
import io.github.safeconsumer.internal.diagnosis.Facts.Stuck;
import io.github.safeconsumer.internal.diagnosis.Facts.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** Something stands still, and stays so until somebody acts or something heals. */
final class Blocked {
  /** A record that is tried again holds its lane: no news before that. */
  private static final Duration RETRIES_FOR = Duration.ofSeconds(30);

  private static final int MOST_OF_A_KIND = 5;
  private static final int FRAMES_SHOWN = 3;

  private final Facts facts;
  private final Instant now;
  private final int mostOfAKind;
  private final List<Cause> causes = new ArrayList<>();

  private Blocked(Facts facts, int mostOfAKind) {
    this.facts = facts;
    this.now = facts.status().at();
    this.mostOfAKind = mostOfAKind;
  }

  /** Some of each kind, as many as a person wants to read. */
  static void add(Facts facts, List<Cause> causes) {
    causes.addAll(of(facts, MOST_OF_A_KIND));
  }

  /** As many as there are facts of. */
  static List<Cause> all(Facts facts) {
    return of(facts, Integer.MAX_VALUE);
  }

  private static List<Cause> of(Facts facts, int mostOfAKind) {
    Blocked blocked = new Blocked(facts, mostOfAKind);
    blocked.addHeld();
    blocked.addHung();
    blocked.addDeadLetters();
    blocked.addBreakers();
    blocked.addPauses();
    blocked.addRetries();
    return blocked.causes;
  }

  private List<Stuck> waiting(Waits what) {
    return facts.stuck().stream().filter(one -> one.waits() == what).toList();
  }

  private void addHeld() {
    for (Stuck one : first(waiting(Waits.OPERATOR))) {
      causes.add(
          behind(
                  attempts(
                          new CauseBuilder("BLOCKED_RECORD").place(one.partition(), one.offset()),
                          one)
                      .says(" waits for an operator")
                      .since(one.since(), now)
                      .says(": " + one.reason()),
                  one.partition())
              .remedy(
                  "mend what fails, then resolve("
                      + one.partition()
                      + ", "
                      + one.offset()
                      + ", RETRY), or give it up with DEAD_LETTER or SKIP"));
    }
    for (Stuck one : first(waiting(Waits.OPERATOR_AFTER_DEATHS))) {
      causes.add(
          behind(
                  new CauseBuilder("BLOCKED_CRASHES")
                      .place(one.partition(), one.offset())
                      .says(" waits for an operator: " + one.reason()),
                  one.partition())
              .remedy(
                  "find out what ends the process, then resolve("
                      + one.partition()
                      + ", "
                      + one.offset()
                      + ", RETRY), or give it up with DEAD_LETTER or SKIP"));
    }
  }

  private void addHung() {
    List<Running> overdue =
        facts.running().stream()
            .filter(one -> one.overdue() || one.runs().compareTo(RETRIES_FOR) > 0)
            .toList();
    for (Running one : first(overdue)) {
      CauseBuilder cause =
          new CauseBuilder("BLOCKED_HUNG")
              .place(one.partition(), one.offset())
              .says(" is in its handler for " + Words.time(one.runs()))
              .says(one.abandoned() ? ", abandoned," : one.overdue() ? ", past its deadline," : "")
              .says(" on " + one.thread())
              .millis("runs", one.runs());
      if (!one.stack().isEmpty()) {
        cause.says(" at " + whereItStands(one.stack()));
      }
      causes.add(
          behind(cause, one.partition())
              .remedy("give the call in there a time-out; see SlowHandler for the whole stack"));
    }
  }

  /** The top of the stack, and how the handler got there: what the JDK has between is no news. */
  private static String whereItStands(List<String> stack) {
    return Stream.concat(
            stack.stream().limit(1),
            stack.stream()
                .skip(1)
                .filter(frame -> !frame.startsWith("java.base"))
                .limit(FRAMES_SHOWN))
        .collect(Collectors.joining(" < "));
  }

  private void addDeadLetters() {
    List<Stuck> sending = waiting(Waits.DEAD_LETTER);
    if (facts.deadLetters().isEmpty() || sending.isEmpty()) {
      return;
    }
    Facts.DeadLetterTrouble trouble = facts.deadLetters().get();
    Stuck first = sending.get(0);
    causes.add(
        behind(
                new CauseBuilder("BLOCKED_DEAD_LETTER")
                    .says(Words.count(sending.size(), "dead letter") + " cannot be written")
                    .since(Optional.of(trouble.since()), now)
                    .says(": " + trouble.failure() + "; the first is ")
                    .place(first.partition(), first.offset())
                    .number("deadLetters", sending.size()),
                first.partition())
            .remedy(
                "make the dead-letter topic writable: it is tried again until then, and nothing is lost"));
  }

  private void addBreakers() {
    for (BreakerStatus breaker : facts.status().breakers()) {
      if (breaker.state() == BreakerStatus.State.CLOSED) {
        continue;
      }
      causes.add(
          new CauseBuilder("BLOCKED_BREAKER")
              .says("the breaker of ")
              .says(
                  breaker.scope().isEmpty()
                      ? "the consumer"
                      : "downstream '" + breaker.scope() + "'")
              .says(" is open")
              .since(breaker.openSince(), now)
              .says(breaker.forced() ? ", by openBreaker()" : "")
              .says("; opened " + Words.count(breaker.openings(), "time") + " in a row")
              .says(
                  breaker
                      .nextProbe()
                      .map(next -> ", next probe in " + Words.time(positive(now, next)))
                      .orElse(""))
              .number("openings", breaker.openings())
              .number("parked", breaker.parked())
              .remedy(
                  breaker.forced()
                      ? "call closeBreaker() once records may go on"
                      : "mend the downstream: probes find out by themselves when it answers"));
    }
  }

  private static Duration positive(Instant from, Instant to) {
    Duration time = Duration.between(from, to);
    return time.isNegative() ? Duration.ZERO : time;
  }

  private void addPauses() {
    if (facts.status().state() == State.SUSPENDED) {
      causes.add(
          new CauseBuilder("BLOCKED_SUSPENDED")
              .says("suspend() was called")
              .since(Optional.ofNullable(facts.pausedSince().get(PauseReason.USER)), now)
              .remedy("call resume()"));
    } else if (facts.status().pauseReasons().contains(PauseReason.USER)) {
      causes.add(
          new CauseBuilder("BLOCKED_PAUSED")
              .says("pause() was called for the whole consumer")
              .since(Optional.ofNullable(facts.pausedSince().get(PauseReason.USER)), now)
              .remedy("call resume()"));
    }
    if (facts.status().pauseReasons().contains(PauseReason.FLOOD)) {
      causes.add(
          new CauseBuilder("BLOCKED_FLOOD")
              .says("too many dead letters in a row without a success")
              .since(Optional.ofNullable(facts.pausedSince().get(PauseReason.FLOOD)), now)
              .number("deadLettered", facts.status().deadLettered())
              .remedy("mend what fails (a deploy?), then call resume()"));
    }
    facts
        .status()
        .spending()
        .pausedUntil()
        .ifPresent(
            until ->
                causes.add(
                    new CauseBuilder("BLOCKED_SPENDING")
                        .says("the spending limit of an hour is reached; paused until " + until)
                        .number("lastHour", facts.status().spending().lastHour())
                        .remedy("wait, or raise the limit of spending(..)")));
    List<PartitionStatus> paused =
        facts.status().partitions().stream()
            .filter(one -> one.pauseReasons().contains(PauseReason.USER))
            .toList();
    if (!paused.isEmpty()) {
      causes.add(
          new CauseBuilder("BLOCKED_PAUSED")
              .says(
                  "pause(..) was called for "
                      + first(paused).stream().map(one -> one.partition().toString()).toList()
                      + (paused.size() > mostOfAKind
                          ? " and " + (paused.size() - mostOfAKind) + " more"
                          : ""))
              .since(
                  paused.stream()
                      .map(one -> one.pausedSince().get(PauseReason.USER))
                      .filter(java.util.Objects::nonNull)
                      .min(Instant::compareTo),
                  now)
              .number("partitions", paused.size())
              .remedy("call resume(..) for them"));
    }
  }

  /** Those that have been tried for a while: whatever stands behind them waits. */
  private void addRetries() {
    List<Stuck> longer =
        waiting(Waits.RETRY).stream()
            .filter(one -> one.since().filter(at -> at.plus(RETRIES_FOR).isBefore(now)).isPresent())
            .toList();
    for (Stuck one : first(longer)) {
      causes.add(
          behind(
                  attempts(
                          new CauseBuilder("BLOCKED_RETRYING").place(one.partition(), one.offset()),
                          one)
                      .says(" is tried again and holds its lane")
                      .since(one.since(), now)
                      .says(one.failure().isEmpty() ? "" : ": " + one.failure()),
                  one.partition())
              .remedy(
                  "mend what fails, or lower retry(..): it becomes a dead letter after the last attempt"));
    }
  }

  private CauseBuilder attempts(CauseBuilder cause, Stuck one) {
    return cause
        .says(" (attempt " + one.attempts() + " of " + facts.limits().maxAttempts() + " failed)")
        .number("attempts", one.attempts())
        .number("maxAttempts", facts.limits().maxAttempts());
  }

  /** How much waits in its partition. */
  private CauseBuilder behind(CauseBuilder cause, TopicPartition partition) {
    facts.status().partitions().stream()
        .filter(one -> one.partition().equals(partition))
        .findFirst()
        .ifPresent(
            one ->
                one.lag()
                    .ifPresent(
                        lag ->
                            cause
                                .says("; " + Words.count(lag, "record") + " of its partition wait")
                                .number("lag", lag)));
    return cause;
  }

  private <T> List<T> first(List<T> all) {
    return new ArrayList<>(all.subList(0, Math.min(mostOfAKind, all.size())));
  }
}
