package io.github.safeconsumer.internal.doctor;

import static io.github.safeconsumer.internal.doctor.GroupDiagnosis.names;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.internal.diagnosis.CauseBuilder;
import io.github.safeconsumer.internal.diagnosis.Words;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import io.github.safeconsumer.internal.doctor.Sample.Member;
import io.github.safeconsumer.internal.doctor.Sample.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** Records wait, somebody owns them, and nothing is committed. */
final class Standstill {
  /** A plain consumer commits every five seconds, when it polls. */
  static final Duration PATIENCE = Duration.ofMillis(9_500);

  /** Kafka Streams does every 30 seconds, Kafka Connect every minute. */
  private static final Duration STREAMS = Duration.ofSeconds(40);

  private static final Duration CONNECT = Duration.ofSeconds(70);

  /** A producer that writes nothing for so long has forgotten its transaction. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(30);

  private final Looks looks;
  private final Sample now;
  private final List<Cause> causes;

  private Standstill(Looks looks, List<Cause> causes) {
    this.looks = looks;
    this.now = looks.now();
    this.causes = causes;
  }

  static void add(Looks looks, List<Cause> causes) {
    Standstill standstill = new Standstill(looks, causes);
    standstill.addBrokers();
    standstill.addTransactions();
    if (!looks.now().isRebalancing()) {
      looks.now().members().forEach(standstill::addStuck);
      standstill.addNeverCommitted();
    }
  }

  /** How long a member may take from one commit to the next before that is news. */
  static Duration patience(Member member) {
    if (member.clientId().startsWith("connector-consumer-")) {
      return CONNECT;
    }
    return member.clientId().contains("-StreamThread-") ? STREAMS : PATIENCE;
  }

  private void addBrokers() {
    if (!now.leaderless().isEmpty()) {
      causes.add(
          new CauseBuilder("BROKER_TROUBLE")
              .says("no leader answers for " + names(now.leaderless()))
              .number("partitions", now.leaderless().size())
              .remedy("look at the brokers: nobody can read these partitions"));
    }
    if (now.logs().isEmpty() && !now.refused().isEmpty()) {
      causes.add(
          new CauseBuilder("NOT_PERMITTED")
              .says("the logs of " + names(now.refused()) + " may not be seen")
              .number("partitions", now.refused().size())
              .remedy("grant DESCRIBE on these topics to who looks"));
    }
  }

  /** Who reads read_committed waits at the first record of a transaction that is open. */
  private void addTransactions() {
    partitions()
        .filter(one -> now.log(one).knownLag() > 0 && isHeldByTransaction(one))
        .limit(GroupDiagnosis.MOST_OF_A_KIND)
        .forEach(
            one -> {
              Log log = now.log(one);
              Transaction open = log.transaction().orElseThrow();
              Duration silent = Duration.between(open.last(), now.at());
              causes.add(
                  new CauseBuilder("BLOCKED_TRANSACTION")
                      .says("a transaction of producer " + open.producerId() + " is open at ")
                      .place(one, log.stable())
                      .says(", where it wrote nothing for " + Words.time(silent))
                      .says("; read_committed gets no further, and ")
                      .says(Words.count(log.high() - log.stable(), "record") + " wait")
                      .number("producerId", open.producerId())
                      .number("lag", log.high() - log.stable())
                      .millis("silent", silent)
                      .remedy(
                          "end that producer or its transaction: kafka-transactions.sh abort --topic "
                              + one.topic()
                              + " --partition "
                              + one.partition()
                              + " --start-offset "
                              + log.stable()));
            });
  }

  private boolean isHeldByTransaction(TopicPartition partition) {
    Log log = now.log(partition);
    Log earlier = looks.ago(PATIENCE).map(look -> look.logs().get(partition)).orElse(null);
    return log.waitsForTransaction()
        && earlier != null
        && earlier.stable() == log.stable()
        && earlier.transaction().equals(log.transaction()) // it writes nothing, whatever its clock
        && log.transaction().filter(this::isForgotten).isPresent();
  }

  private boolean isForgotten(Transaction open) {
    return open.last().plus(FORGOTTEN).isBefore(now.at());
  }

  private Stream<TopicPartition> partitions() {
    return now.logs().keySet().stream()
        .filter(one -> !GroupDiagnosis.isTold(causes, one))
        .sorted(Comparator.comparing(TopicPartition::toString));
  }

  private void addStuck(Member member) {
    Duration patience = patience(member);
    List<TopicPartition> stuck =
        partitions()
            .filter(member.owns()::contains)
            .filter(one -> now.log(one).knownLag() > 0 || startsAnew(one))
            .filter(one -> !now.log(one).waitsForTransaction())
            .filter(one -> looks.stands(one).compareTo(patience) >= 0)
            .toList();
    if (stuck.isEmpty()) {
      return;
    }
    long lag = stuck.stream().mapToLong(one -> now.log(one).lag()).sum();
    Duration time = stuck.stream().map(looks::stands).max(Duration::compareTo).orElseThrow();
    List<TopicPartition> moving = moving(member);
    causes.add(
        new CauseBuilder("BLOCKED_PARTITION")
            .says(member.name() + " has committed nothing for " + Words.time(time) + " of ")
            .says(names(stuck, one -> one + "@" + now.log(one).position()))
            .says(", where " + Words.count(lag, "record") + " wait")
            .says(
                moving.isEmpty()
                    ? ""
                    : "; of " + Words.count(moving.size(), "other partition") + " it commits")
            .number("topic", stuck.get(0).topic())
            .number("partition", stuck.get(0).partition())
            .number("offset", now.log(stuck.get(0)).position())
            .number("partitions", stuck.size())
            .number("lag", lag)
            .millis("stands", time)
            .remedy(
                "look at that process: a record that always fails, a handler that hangs, a pause, or"
                    + " records that take longer than this"));
  }

  /** Nothing was ever committed of it, yet records came while it was owned. */
  private boolean startsAnew(TopicPartition partition) {
    Log earlier = looks.first().logs().get(partition);
    Log log = now.log(partition);
    return log.committed().isEmpty() && earlier != null && earlier.end() < log.end();
  }

  private List<TopicPartition> moving(Member member) {
    return member.owns().stream()
        .filter(one -> looks.committedPerSecond(one).orElse(0) > 0)
        .toList();
  }

  /**
   * Of no partition at all: of some it may be that records came before the group was there, and
   * that it began at the end.
   */
  private void addNeverCommitted() {
    List<TopicPartition> waiting = new ArrayList<>();
    for (Member member : now.members()) {
      partitions()
          .filter(member.owns()::contains)
          .filter(one -> looks.stands(one).compareTo(patience(member)) >= 0)
          .forEach(waiting::add);
    }
    boolean never = now.logs().values().stream().allMatch(log -> log.committed().isEmpty());
    if (!never || waiting.isEmpty()) {
      return;
    }
    long records = waiting.stream().mapToLong(one -> now.log(one).lag()).sum();
    causes.add(
        new CauseBuilder("NOTHING_COMMITTED")
            .says("the group has never committed anything, and " + Words.count(records, "record"))
            .says(" are in " + names(waiting))
            .number("partitions", waiting.size())
            .number("records", records)
            .remedy(
                "look at its members: they hang or fail at the first record, do not commit, or began"
                    + " at the end (auto.offset.reset=latest) and wait for the next record"));
  }
}
