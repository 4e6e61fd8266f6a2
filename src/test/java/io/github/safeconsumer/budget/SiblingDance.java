package io.github.safeconsumer.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.internal.config.SettingsFactory;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Percentiles;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One group: a member that stays, and one that comes and goes until all records are handled. It
 * leaves by suspend() and by close() in turn.
 */
final class SiblingDance {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int INTERVAL_MS = 6_000;
  private static final int PARTITIONS = 12;
  private static final int CONCURRENCY = 8;
  private static final int LEAST_MS = 200;
  private static final int MOST_MS = 400;
  private static final int RECORDS = 30 * Integer.getInteger("safeconsumer.budget.seconds", 20);

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "dance", PARTITIONS);
  private final GroupProtocol protocol;
  private final Ordering ordering;
  private final Handled handled;
  private final List<Member> members = new ArrayList<>();
  private final Random pace = new Random(1);
  private int changes;

  SiblingDance(GroupProtocol protocol, Ordering ordering) {
    this.protocol = protocol;
    this.ordering = ordering;
    this.handled = new Handled(ordering);
  }

  void run() {
    Load.fill(brokers, topic, PARTITIONS, RECORDS);
    long began = System.nanoTime();
    try {
      Member stays = member();
      stays.consumer().begin();
      await().atMost(SOON).until(() -> handled.started() >= CONCURRENCY);
      while (handled.finished() < RECORDS) {
        comeAndGoTwice();
      }
      stays.closeClean();
    } catch (Exception failed) {
      throw new IllegalStateException(this + " failed", failed);
    } finally {
      members.forEach(Member::close);
    }
    print(Duration.ofNanos(System.nanoTime() - began));
    check();
  }

  private void comeAndGoTwice() throws Exception {
    Member sibling = member();
    sibling.consumer().begin();
    takePartAWhile(sibling);
    sibling.suspend();
    aWhile();
    sibling.consumer().commands().resume();
    takePartAWhile(sibling);
    sibling.closeClean();
    aWhile();
  }

  private void takePartAWhile(Member sibling) {
    await().atMost(SOON).until(() -> !sibling.consumer().active().isEmpty());
    changes++;
    aWhile();
    changes++;
  }

  /** Two to three seconds, or until all is done. */
  private void aWhile() {
    long until = System.nanoTime() + Duration.ofMillis(2_000 + pace.nextInt(1_000)).toNanos();
    while (System.nanoTime() < until && handled.finished() < RECORDS) {
      Work.lasting(Duration.ofMillis(50)); // the pace of the changes
    }
  }

  private Member member() {
    Member member = new Member(brokers, group, topic, handled, SiblingDance::latency);
    member
        .consumer()
        .with(protocol.settings(members.size()))
        .with("max.poll.interval.ms", INTERVAL_MS)
        .concurrency(CONCURRENCY);
    member.consumer().settings().ordering = ordering;
    member.consumer().settings().name = this + " " + members.size();
    members.add(member);
    return member;
  }

  private static Duration latency(ConsumerRecord<String, String> record) {
    int spread = Math.floorMod((int) record.offset() * 31 + record.partition() * 17, 101);
    return Duration.ofMillis(LEAST_MS + (MOST_MS - LEAST_MS) * spread / 100);
  }

  private void check() {
    for (Member member : members) {
      assertThat(member.troubles())
          .as("expulsions, and hand-overs that left a handler running, " + this)
          .isEmpty();
    }
    assertThat(handled.distinct()).as("records handled, " + this).isEqualTo(RECORDS);
    assertThat(handled.duplicates()).as("records handled again, " + this).isZero();
    assertThat(handled.disorder()).as("order within a lane, " + this).isEmpty();
    assertThat(handOvers()).as("hand-overs, " + this).hasSizeGreaterThanOrEqualTo(changes);
  }

  private void print(Duration took) {
    List<Long> drains = handOvers().stream().map(Member.HandOver::drainNanos).toList();
    System.out.printf(
        "FIGURES hand-over, %s: %d records of %d to %d ms in %.1f s, the sibling came or went %d"
            + " times; drain (time-out %d ms) %s; handled again %d%n",
        this,
        handled.distinct(),
        LEAST_MS,
        MOST_MS,
        took.toMillis() / 1e3,
        changes,
        SettingsFactory.create(members.get(0).consumer().settings()).drainTimeout().toMillis(),
        new Percentiles(drains),
        handled.duplicates());
  }

  private List<Member.HandOver> handOvers() {
    return members.stream().flatMap(member -> member.handOvers().stream()).toList();
  }

  @Override
  public String toString() {
    return protocol + " " + ordering;
  }
}
