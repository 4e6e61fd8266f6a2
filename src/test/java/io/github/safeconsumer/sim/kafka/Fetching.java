package io.github.safeconsumer.sim.kafka;

import io.github.safeconsumer.sim.kafka.Partitions.Owned;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

/**
 * Positions and fetched records of one client. What is fetched is kept while its partition is
 * paused, and dropped when it is sought elsewhere.
 */
final class Fetching {
  private static final int LARGEST_FETCH = 200;
  private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(500);

  private final Core core;
  private int turn;

  Fetching(Core core) {
    this.core = core;
  }

  /** Asks for records of every partition that has none. */
  void request() {
    for (Owned owned : core.partitions.all()) {
      Long from = owned.position;
      if (from == null || owned.paused || owned.fetching || owned.fetchedUpTo >= 0) {
        continue;
      }
      owned.fetching = true;
      core.wire.send(0, core.cluster::answers, reachable -> waitThenRead(owned, from, reachable));
    }
  }

  /** The broker holds a fetch back while there is nothing to return. */
  private void waitThenRead(Owned owned, long from, boolean reachable) {
    boolean nothing =
        reachable
            && core.cluster.exists(owned.partition)
            && core.cluster.log(owned.partition).end() == from;
    if (!nothing) {
      read(owned, from, reachable);
      return;
    }
    boolean[] done = {false};
    Runnable once =
        () -> {
          if (!done[0]) {
            done[0] = true;
            read(owned, from, core.cluster.answers());
          }
        };
    core.cluster.log(owned.partition).whenGrown(once);
    core.world.at(LONGEST_WAIT, once);
  }

  private void read(Owned owned, long from, boolean reachable) {
    List<SimLog.Entry> entries = new ArrayList<>();
    long upTo = -1;
    long end = -1;
    boolean outOfRange = false;
    if (reachable && core.cluster.exists(owned.partition)) {
      SimLog log = core.cluster.log(owned.partition);
      end = log.end();
      outOfRange = from < log.start() || from > log.end();
      if (!outOfRange && from < end) {
        entries = log.read(from, 1 + (int) core.world.nextLong(LARGEST_FETCH));
        boolean all = entries.isEmpty() || log.read(last(entries) + 1, 1).isEmpty();
        upTo = all ? end : last(entries) + 1;
      }
    }
    List<SimLog.Entry> found = entries;
    long nextOffset = upTo;
    long knownEnd = end;
    boolean missed = outOfRange;
    core.wire.answer(() -> arrived(owned, from, found, nextOffset, knownEnd, missed));
  }

  private static long last(List<SimLog.Entry> entries) {
    return entries.get(entries.size() - 1).offset();
  }

  private static void arrived(
      Owned owned, long from, List<SimLog.Entry> found, long upTo, long end, boolean outOfRange) {
    owned.fetching = false;
    if (owned.position == null || owned.position != from) {
      return; // sought elsewhere meanwhile
    }
    owned.knownEnd = Math.max(owned.knownEnd, end);
    owned.outOfRange = outOfRange;
    if (upTo >= 0) {
      owned.fetched.addAll(found);
      owned.fetchedUpTo = upTo;
    }
  }

  /** Finds positions of partitions that have none. */
  void findPositions(long boundNanos) {
    List<TopicPartition> without = new ArrayList<>();
    for (Owned owned : core.partitions.all()) {
      if (owned.position == null) {
        without.add(owned.partition);
      }
    }
    if (without.isEmpty() || !core.coordinated()) {
      return;
    }
    core.wire.pass(core.wire.travel());
    List<TopicPartition> nowhere = new ArrayList<>();
    for (TopicPartition partition : without) {
      Owned owned = core.partitions.find(partition);
      OffsetAndMetadata committed = core.cluster.offsets(core.id.group()).get(partition);
      if (owned == null || owned.position != null || !core.cluster.exists(partition)) {
        continue;
      }
      if (committed != null) {
        owned.seek(committed.offset());
      } else {
        switch (core.settings.reset()) {
          case "earliest" -> owned.seek(core.cluster.log(partition).start());
          case "latest" -> owned.seek(core.cluster.log(partition).end());
          default -> nowhere.add(partition);
        }
      }
    }
    if (!nowhere.isEmpty()) {
      throw new NoOffsetForPartitionException(nowhere);
    }
  }

  /** What is there of partitions that are not paused; their positions move on. */
  @SuppressWarnings("removal") // the constructor that the oldest client has
  ConsumerRecords<byte[], byte[]> collect() {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> out = new LinkedHashMap<>();
    Map<TopicPartition, Long> outOfRange = new LinkedHashMap<>();
    int room = core.settings.maxPollRecords();
    List<Owned> inTurn = core.partitions.all();
    Collections.rotate(inTurn, turn++); // or the first would starve the others
    for (Owned owned : inTurn) {
      if (owned.paused || owned.position == null) {
        continue;
      }
      if (owned.outOfRange) {
        owned.outOfRange = false;
        reset(owned, outOfRange);
      } else if (owned.fetchedUpTo >= 0 && room > 0) {
        List<ConsumerRecord<byte[], byte[]>> records = take(owned, room);
        room -= records.size();
        if (!records.isEmpty()) {
          out.put(owned.partition, records);
        }
      }
    }
    if (out.isEmpty() && !outOfRange.isEmpty()) {
      throw new OffsetOutOfRangeException(outOfRange);
    }
    report(out);
    return new ConsumerRecords<>(out);
  }

  private void reset(Owned owned, Map<TopicPartition, Long> outOfRange) {
    if (!core.cluster.exists(owned.partition)) {
      return;
    }
    SimLog log = core.cluster.log(owned.partition);
    switch (core.settings.reset()) {
      case "earliest" -> owned.seek(log.start());
      case "latest" -> owned.seek(log.end());
      default -> outOfRange.put(owned.partition, owned.position);
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> take(Owned owned, int room) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    while (records.size() < room && !owned.fetched.isEmpty()) {
      records.add(record(owned.partition, owned.fetched.poll()));
    }
    if (owned.fetched.isEmpty() && records.size() < room) {
      owned.position = owned.fetchedUpTo;
      owned.fetchedUpTo = -1;
    } else if (!records.isEmpty()) {
      owned.position = records.get(records.size() - 1).offset() + 1;
    }
    return records;
  }

  private static ConsumerRecord<byte[], byte[]> record(TopicPartition from, SimLog.Entry entry) {
    return new ConsumerRecord<>(
        from.topic(),
        from.partition(),
        entry.offset(),
        entry.timestamp(),
        TimestampType.CREATE_TIME,
        entry.key() == null ? -1 : entry.key().length,
        entry.value() == null ? -1 : entry.value().length,
        entry.key(),
        entry.value(),
        entry.headers(),
        Optional.empty());
  }

  private void report(Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> out) {
    out.forEach(
        (partition, records) -> {
          Owned owned = core.partitions.find(partition);
          core.cluster
              .watch()
              .recordsReturned(
                  core.id,
                  partition,
                  records.stream().map(ConsumerRecord::offset).toList(),
                  owned != null && owned.paused);
        });
  }
}
