package io.github.safeconsumer.sim.kafka;

import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** One run of a scenario: its topic, its group, its members, and what was seen of each. */
final class Script implements AutoCloseable {
  private static final long BOUND_MILLIS = 40_000;

  final Ground ground;
  final GroupProtocol protocol;
  final String topic = Topics.uniqueName("agreement");
  final String group = Topics.uniqueName("group");
  private final Map<String, List<String>> seen = new TreeMap<>();
  private final List<Actor> actors = new ArrayList<>();

  Script(Ground ground, GroupProtocol protocol) {
    this.ground = ground;
    this.protocol = protocol;
  }

  /** What was seen, by member; a line that repeats the one before is left out. */
  Map<String, List<String>> seen() {
    return seen;
  }

  void say(String who, String what) {
    List<String> lines = seen.computeIfAbsent(who, w -> new ArrayList<>());
    if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(what)) {
      lines.add(what);
    }
  }

  TopicPartition partition(int number) {
    return new TopicPartition(topic, number);
  }

  /** A topic with so many partitions, each with so many records. */
  Script topic(int partitions, int records) {
    ground.createTopic(topic, partitions);
    for (int i = 0; i < partitions && records > 0; i++) {
      ground.append(partition(i), records);
    }
    return this;
  }

  /** A member; settings come in pairs of key and value. */
  Actor member(String name, Object... settings) {
    Map<String, Object> config = new HashMap<>();
    config.put("group.id", group);
    config.put("client.id", name);
    config.put("auto.offset.reset", "earliest");
    if (protocol.classic()) {
      config.put("session.timeout.ms", 6_000);
    }
    config.putAll(protocol.settings(0));
    for (int i = 0; i < settings.length; i += 2) {
      config.put((String) settings[i], settings[i + 1]);
    }
    Actor actor = new Actor(name, config);
    actors.add(actor);
    return actor;
  }

  /** Polls these in turn until it is so; with none of them time just goes by. */
  void until(String what, BooleanSupplier so, Actor... polling) {
    long start = ground.millis();
    while (!so.getAsBoolean()) {
      if (ground.millis() - start > BOUND_MILLIS) {
        throw new AssertionError("not within the bound: " + what + "; seen " + seen);
      }
      for (Actor actor : polling) {
        actor.poll();
      }
      if (polling.length == 0) {
        ground.idle();
      }
    }
  }

  /** Polls for so long. */
  void pollFor(long millis, Actor... polling) {
    long start = ground.millis();
    until("time", () -> ground.millis() - start >= millis, polling);
  }

  @Override
  public void close() {
    actors.forEach(Actor::closeQuietly);
  }

  /** A member and what it did. */
  final class Actor implements ConsumerRebalanceListener {
    final String name;
    final Consumer<byte[], byte[]> client;
    final Map<Integer, List<Long>> read = new TreeMap<>();
    Runnable inRevoked = () -> {};
    Runnable inAssigned = () -> {};
    boolean silent;
    int lastAssigned;

    /** A client with a thread of its own may report a second time what has been mended since. */
    Class<? extends RuntimeException> mayThrowAgain;

    Actor(String name, Map<String, Object> config) {
      this.name = name;
      this.client = ground.client(config);
      client.subscribe(List.of(topic), this);
    }

    void poll() {
      ConsumerRecords<byte[], byte[]> records;
      try {
        records = client.poll(Duration.ofMillis(50));
      } catch (RuntimeException thrown) {
        if (thrown.getClass() != mayThrowAgain) {
          throw thrown;
        }
        mayThrowAgain = null;
        return;
      }
      for (ConsumerRecord<byte[], byte[]> record : records) {
        read.computeIfAbsent(record.partition(), p -> new ArrayList<>()).add(record.offset());
      }
    }

    int readInAll() {
      return read.values().stream().mapToInt(List::size).sum();
    }

    int owns() {
      return client.assignment().size();
    }

    void commit(int partition, long offset) {
      commit(partition, new OffsetAndMetadata(offset));
    }

    void commit(int partition, OffsetAndMetadata offset) {
      say(
          "commit",
          () -> client.commitSync(Map.of(partition(partition), offset), Duration.ofSeconds(3)));
    }

    /** Says what the group has committed of a partition, a long note by its length. */
    void sayCommitted(int number) {
      say(
          "committed of " + number,
          () -> {
            OffsetAndMetadata committed =
                client
                    .committed(Set.of(partition(number)), Duration.ofSeconds(5))
                    .get(partition(number));
            return committed == null
                ? "nothing"
                : committed.offset()
                    + " "
                    + committed.leaderEpoch()
                    + " "
                    + (committed.metadata().length() > 50
                        ? committed.metadata().length() + " characters"
                        : "'" + committed.metadata() + "'");
          });
    }

    /** Says how a call ended. */
    void say(String call, Runnable body) {
      say(
          call,
          () -> {
            body.run();
            return "done";
          });
    }

    void say(String call, Supplier<Object> body) {
      String result;
      try {
        result = String.valueOf(body.get());
      } catch (RuntimeException thrown) {
        result = thrown.getClass().getSimpleName();
      }
      say(call + ": " + result.replace(topic, "topic"));
    }

    void say(String what) {
      Script.this.say(name, what);
    }

    /** Says how polling ends when it does not go on. */
    void sayPollThrows() {
      long start = ground.millis();
      while (ground.millis() - start < BOUND_MILLIS) {
        try {
          poll();
        } catch (RuntimeException thrown) {
          say("poll: " + thrown.getClass().getSimpleName());
          return;
        }
      }
      throw new AssertionError(name + ": no poll threw within the bound; seen " + seen);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      callback("assigned", partitions);
      lastAssigned = partitions.size();
      inAssigned.run();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      callback("revoked", partitions);
      inRevoked.run();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      callback("lost", partitions);
    }

    /**
     * How many, not which: with two members that depends on chance. Where partitions move one by
     * one it is also a matter of time whether a member hears that it has nothing before it gets
     * something.
     */
    private void callback(String what, Collection<TopicPartition> partitions) {
      if (!silent && (protocol == GroupProtocol.EAGER || !partitions.isEmpty())) {
        say(what + " " + partitions.size());
      }
    }

    @SuppressWarnings("deprecation") // its successor does not exist in the oldest client
    void close() {
      client.close(Duration.ofSeconds(5));
      say("closed");
    }

    @SuppressWarnings("deprecation") // its successor does not exist in the oldest client
    void closeQuietly() {
      silent = true;
      inRevoked = () -> {};
      try {
        client.close(Duration.ofSeconds(2));
      } catch (RuntimeException fenced) {
        // it was closed, or fenced: its scenario is over
      }
    }
  }
}
