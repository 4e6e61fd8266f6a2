package io.github.safeconsumer.sim.kafka;

import io.github.safeconsumer.sim.kafka.Script.Actor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** What the simulated Kafka and a real broker have to agree about. */
@SuppressWarnings("ImmutableEnumChecker") // the scripts hold no state
enum Scenario {
  JOIN_READ_COMMIT_CLOSE(
      s -> {
        Actor a = s.topic(2, 5).member("a");
        s.until("all read", () -> a.readInAll() == 10, a);
        a.say("read " + a.read);
        a.say("position", () -> a.client.position(s.partition(0)));
        a.say("lag", () -> a.client.currentLag(s.partition(0)));
        a.say("committed", () -> a.client.committed(Set.of(s.partition(0)), Duration.ofSeconds(5)));
        a.commit(0, 5);
        a.close();
        s.until("left", () -> s.ground.members(s.group) == 0);
        a.say("then " + s.ground.committed(s.group, s.partition(0)));
        a.say("poll", () -> a.client.poll(Duration.ZERO));
      }),

  NO_OFFSET_AND_NO_RESET(
      s -> {
        Actor a = s.topic(1, 1).member("a", "auto.offset.reset", "none");
        a.sayPollThrows();
        a.say("owns " + a.owns());
        a.say("seek", () -> a.client.seek(s.partition(0), 0));
        a.mayThrowAgain = NoOffsetForPartitionException.class;
        s.until("read", () -> a.readInAll() == 1, a);
        a.say("read " + a.read);
      }),

  OUT_OF_RANGE(
      s -> {
        Actor a = s.topic(1, 10).member("a", "auto.offset.reset", "none");
        a.inAssigned = () -> a.client.seek(s.partition(0), 50);
        a.sayPollThrows();
        a.say("position", () -> a.client.position(s.partition(0)));
        s.ground.deleteRecordsBefore(s.partition(0), 4);
        a.client.seek(s.partition(0), 2);
        a.sayPollThrows();
        a.say(
            "beginning",
            () -> a.client.beginningOffsets(Set.of(s.partition(0)), Duration.ofSeconds(5)));
        a.say("end", () -> a.client.endOffsets(Set.of(s.partition(0)), Duration.ofSeconds(5)));
        a.client.seek(s.partition(0), 4);
        s.until("read", () -> a.readInAll() == 6, a);
        a.say("read " + a.read);
      }),

  PAUSED_KEEPS_WHAT_IS_FETCHED(
      s -> {
        Actor a = s.topic(1, 10).member("a", "max.poll.records", 3);
        s.until("some read", () -> a.readInAll() > 0, a);
        int before = a.readInAll();
        a.say("at what is read " + (a.client.position(s.partition(0)) == before));
        a.client.pause(Set.of(s.partition(0)));
        s.pollFor(700, a);
        a.say("while paused " + (a.readInAll() - before));
        a.client.resume(Set.of(s.partition(0)));
        s.until("more read", () -> a.readInAll() > before, a);
        a.say("goes on there " + (a.read.get(0).get(before) == before));
        a.client.pause(Set.of(s.partition(0)));
        a.client.seek(s.partition(0), 1);
        a.client.resume(Set.of(s.partition(0)));
        a.read.clear();
        s.until("again", () -> a.readInAll() == 9, a);
        a.say("sought, read " + a.read);
      }),

  SECOND_MEMBER_JOINS_AND_LEAVES(
      s -> {
        Actor a = s.topic(2, 0).member("a");
        s.until("owns all", () -> a.owns() == 2, a);
        a.client.pause(a.client.assignment());
        Actor b = s.member("b");
        s.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
        s.pollFor(1_500, a, b);
        a.say("paused of retained " + a.client.paused().size());
        a.client.pause(a.client.assignment());
        b.close();
        s.until("owns all again", () -> a.owns() == 2, a);
        s.pollFor(1_500, a);
        a.say("paused " + a.client.paused().size());
      }),

  COMMIT_WHILE_REVOKED(
      s -> {
        Actor a = s.topic(2, 3).member("a");
        s.until("owns all", () -> a.owns() == 2 && a.readInAll() == 6, a);
        a.inRevoked =
            () -> {
              a.commit(0, 2);
              a.commit(1, 2);
            };
        Actor b = s.member("b");
        s.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
        s.until("the other reads on", () -> b.readInAll() == 1, a, b);
        b.say("first " + b.read.values());
        a.close();
        s.until("alone", () -> b.owns() == 2, b);
      }),

  RECORDS_GO_ON_DURING_A_REBALANCE(
      s -> {
        Actor a = s.topic(2, 5).member("a");
        s.until("owns all", () -> a.readInAll() == 10, a);
        Actor b = s.member("b");
        s.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
        s.until("the new one reads", () -> b.readInAll() == 5, a, b);
        s.pollFor(1_500, a, b);
        // Eager forgets positions: what was not committed is read again.
        a.say("read in all " + a.readInAll());
        b.say("read " + b.read.values());
      }),

  EVICTED_THEN_COMMIT_IN_AN_EMPTY_GROUP(
      s -> {
        Actor a = s.topic(2, 0).member("a", "max.poll.interval.ms", 2_000);
        s.until("owns all", () -> a.owns() == 2, a);
        s.until("evicted", () -> s.ground.members(s.group) == 0);
        a.say("still shows " + a.owns());
        a.commit(0, 0);
        s.pollFor(100, a);
        s.until("back", () -> a.owns() == 2, a);
      }),

  EVICTED_THEN_COMMIT_WHERE_ANOTHER_IS_MEMBER(
      s -> {
        Actor a = s.topic(2, 0).member("a", "max.poll.interval.ms", 2_000);
        s.until("owns all", () -> a.owns() == 2, a);
        s.until("evicted", () -> s.ground.members(s.group) == 0);
        Actor b = s.member("b");
        s.until("other owns all", () -> b.owns() == 2, b);
        a.commit(0, 0);
        s.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
      }),

  SAME_INSTANCE_TWICE(
      s -> {
        Actor a = s.topic(1, 0).member("a", "group.instance.id", "one");
        s.until("owns all", () -> a.owns() == 1, a);
        Actor b = s.member("b", "group.instance.id", "one");
        if (s.protocol.classic()) {
          s.until("the second has it", () -> b.owns() == 1, b);
          a.sayPollThrows();
          a.commit(0, 0);
        } else {
          b.sayPollThrows();
          a.poll();
          a.say("owns " + a.owns());
        }
      }),

  STATIC_MEMBER_RESTARTS(
      s -> {
        Actor a = s.topic(2, 0).member("a", "group.instance.id", "one");
        Actor b = s.member("b", "group.instance.id", "two");
        s.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
        s.pollFor(1_000, a, b);
        s.seen().clear(); // how the first two meet is not the question here
        a.close();
        s.pollFor(1_500, b);
        b.say("owns " + b.owns());
        Actor c = s.member("c", "group.instance.id", "one");
        s.until("its own again", () -> c.owns() == 1, b, c);
        s.pollFor(1_500, b, c);
      }),

  STATIC_MEMBER_STAYS_AWAY(
      s -> {
        Actor a = s.topic(2, 0).member("a", "group.instance.id", "one");
        Actor b = s.member("b", "group.instance.id", "two");
        s.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
        s.pollFor(1_000, a, b);
        s.seen().clear();
        a.close();
        s.until("the other has all", () -> b.owns() == 2, b);
      }),

  TRANSACTION_MARKERS(
      s -> {
        Actor a = s.topic(1, 2).member("a");
        s.ground.appendTransaction(s.partition(0), 2);
        s.ground.append(s.partition(0), 1);
        s.ground.appendTransaction(s.partition(0), 1);
        s.until("all read", () -> a.readInAll() == 6, a);
        s.until("past the marker", () -> a.client.position(s.partition(0)) == 8, a);
        a.say("read " + a.read);
        a.say("end", () -> a.client.endOffsets(Set.of(s.partition(0)), Duration.ofSeconds(5)));
      }),

  ASYNC_COMMITS_ARE_TOLD_IN_LATER_CALLS(
      s -> {
        Actor a = s.topic(1, 3).member("a");
        s.until("all read", () -> a.readInAll() == 3, a);
        List<Long> told = new ArrayList<>();
        for (long offset = 1; offset <= 3; offset++) {
          a.client.commitAsync(
              Map.of(s.partition(0), new OffsetAndMetadata(offset)),
              (offsets, failure) -> {
                a.say("failure " + failure);
                told.add(offsets.get(s.partition(0)).offset());
              });
          if (offset == 1) {
            a.say("at once " + told);
          }
        }
        s.until("applied", () -> s.ground.committed(s.group, s.partition(0)) == 3, a);
        s.until("told", () -> told.size() == 3, a);
        a.say("told " + told);
        a.client.commitAsync(
            Map.of(s.partition(0), new OffsetAndMetadata(1)),
            (offsets, failure) -> told.add(offsets.get(s.partition(0)).offset()));
        a.commit(0, 2);
        a.say("told " + told + ", then " + s.ground.committed(s.group, s.partition(0)));
      }),

  COMMITS_KEEP_THEIR_METADATA(
      s -> {
        Actor a = s.topic(2, 3).member("a");
        s.until("owns all", () -> a.owns() == 2, a);
        a.commit(0, new OffsetAndMetadata(1, Optional.of(0), "a note"));
        a.commit(1, new OffsetAndMetadata(2, ""));
        a.sayCommitted(0);
        a.sayCommitted(1);
        a.commit(0, 1); // takes the note away
        a.sayCommitted(0);
        a.commit(0, new OffsetAndMetadata(1, "\u20ac".repeat(4096))); // characters, not bytes
        a.sayCommitted(0);
        a.close();
        Actor b = s.member("b");
        s.until("the next one owns all", () -> b.owns() == 2, b);
        b.sayCommitted(0);
      }),

  COMMIT_METADATA_TOO_LARGE(
      s -> {
        Actor a = s.topic(2, 3).member("a");
        s.until("owns all", () -> a.owns() == 2, a);
        OffsetAndMetadata large = new OffsetAndMetadata(2, "x".repeat(4097));
        OffsetAndMetadata small = new OffsetAndMetadata(2, "x");
        a.commit(0, large);
        a.sayCommitted(0);
        a.say(
            "both",
            () ->
                a.client.commitSync(
                    Map.of(s.partition(0), large, s.partition(1), small), Duration.ofSeconds(3)));
        a.sayCommitted(0);
        a.sayCommitted(1); // the other one of that commit is applied
        List<String> told = new ArrayList<>();
        a.client.commitAsync(
            Map.of(s.partition(0), large),
            (offsets, failure) -> told.add(failure.getClass().getSimpleName()));
        s.until("told", () -> !told.isEmpty(), a);
        a.say("told " + told);
        a.commit(0, small);
      }),

  COMMIT_OF_A_PARTITION_OF_ANOTHER(
      s -> {
        Actor a = s.topic(2, 0).member("a");
        Actor b = s.member("b");
        s.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
        s.pollFor(1_500, a, b);
        s.seen().clear();
        a.commit(0, 0);
        a.commit(1, 0);
      }),

  COMMIT_WHILE_THE_GROUP_SHARES_OUT_AGAIN(
      s -> {
        Actor a = s.topic(2, 0).member("a");
        s.until("owns all", () -> a.owns() == 2, a);
        Actor b = s.member("b");
        s.until("the other joins", () -> s.ground.members(s.group) == 2, b);
        a.commit(0, 0);
        s.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
      }),

  TOPIC_GROWS(
      s -> {
        Actor a = s.topic(1, 1).member("a", "metadata.max.age.ms", 500);
        s.until("read", () -> a.readInAll() == 1, a);
        s.ground.growTopic(s.topic, 2);
        s.until("both", () -> a.owns() == 2, a);
        s.pollFor(1_000, a);
        a.say("position", () -> a.client.position(s.partition(0)));
      }),

  COMMIT_TO_A_DELETED_TOPIC(
      s -> {
        Actor a = s.topic(1, 1).member("a");
        s.until("read", () -> a.readInAll() == 1, a);
        s.ground.deleteTopic(s.topic);
        a.commit(0, 1);
      }),

  CALLBACK_THROWS(
      s -> {
        Actor a = s.topic(1, 3).member("a");
        List<Integer> again = new ArrayList<>();
        boolean[] thrown = {false};
        a.inAssigned =
            () -> {
              if (thrown[0]) {
                again.add(a.lastAssigned);
              } else if (a.lastAssigned > 0) {
                thrown[0] = true;
                throw new IllegalStateException("once");
              }
            };
        a.sayPollThrows();
        a.say("owns " + a.owns());
        s.until("called again", () -> !again.isEmpty(), a);
        a.say("again " + again.get(0) + ", owns " + a.owns());
        s.until("all read", () -> a.readInAll() == 3, a);
      }),

  CALLS_ABOUT_WHAT_IS_NOT_OWNED(
      s -> {
        Actor a = s.topic(1, 0).member("a");
        a.say("seek", () -> a.client.seek(s.partition(0), 0));
        a.say("pause", () -> a.client.pause(Set.of(s.partition(0))));
        a.say("position", () -> a.client.position(s.partition(0), Duration.ZERO));
        a.say("generation " + a.client.groupMetadata().generationId());
        s.until("owns it", () -> a.owns() == 1, a);
        a.say("generation is " + (a.client.groupMetadata().generationId() > 0));
      });

  final Consumer<Script> body;

  Scenario(Consumer<Script> body) {
    this.body = body;
  }
}
