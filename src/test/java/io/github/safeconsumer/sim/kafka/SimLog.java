package io.github.safeconsumer.sim.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The log of one partition: records by offset, with holes where nothing is. */
public final class SimLog {
  /** One record. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Entry(
      long offset,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {}

  private final NavigableMap<Long, Entry> entries = new TreeMap<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private long start;
  private long end;

  SimLog() {}

  /** Appends a record and returns its offset. */
  public long append(long timestamp, byte @Nullable [] key, byte @Nullable [] value) {
    return append(timestamp, key, value, new RecordHeaders());
  }

  long append(long timestamp, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    entries.put(end, new Entry(end, timestamp, key, value, headers));
    long offset = end++;
    grown();
    return offset;
  }

  /** Offsets that no record will ever have: transaction markers, or aborted records. */
  public void gap(long offsets) {
    end += offsets;
    grown();
  }

  /** Runs once, when something is appended. */
  void whenGrown(Runnable once) {
    waiting.add(once);
  }

  private void grown() {
    List<Runnable> ready = new ArrayList<>(waiting);
    waiting.clear();
    ready.forEach(Runnable::run);
  }

  /** Removes a record from the middle, as compaction does. */
  public void compact(long offset) {
    entries.remove(offset);
  }

  /** Removes what is below, as retention does. */
  public void startAt(long offset) {
    start = Math.max(start, Math.min(offset, end));
    entries.headMap(start, false).clear();
  }

  public long start() {
    return start;
  }

  /** The offset of the next record. */
  public long end() {
    return end;
  }

  /** What is in it. */
  public List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  List<Entry> read(long from, int atMost) {
    List<Entry> read = new ArrayList<>();
    for (Entry entry : entries.tailMap(from, true).values()) {
      if (read.size() == atMost) {
        break;
      }
      read.add(entry);
    }
    return read;
  }

  /** The first record that is as young, or null. */
  @Nullable Entry since(long timestamp) {
    for (Entry entry : entries.values()) {
      if (entry.timestamp() >= timestamp) {
        return entry;
      }
    }
    return null;
  }
}
