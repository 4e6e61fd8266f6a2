package io.github.safeconsumer.internal.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of keys in flight, by raw key bytes. A hash table whose chains run through the lanes
 * themselves, so that finding a lane allocates nothing and keeping one allocates nothing but the
 * lane. Not thread-safe.
 */
final class KeyTable {
  private static final int SMALLEST = 64;

  private @Nullable Lane[] buckets = new Lane[SMALLEST];
  private int size;

  static int hash(byte[] key) {
    int hash = Arrays.hashCode(key);
    return hash ^ (hash >>> 16); // the high bits count too: buckets are chosen by the low ones
  }

  int size() {
    return size;
  }

  /** The lane of this key, or null. */
  @Nullable Lane get(byte[] key, int hash) {
    for (Lane lane = buckets[bucket(hash)]; lane != null; lane = lane.chained) {
      if (lane.hash == hash && Arrays.equals(lane.key, key)) {
        return lane;
      }
    }
    return null;
  }

  /** Adds a lane whose key is not there. */
  void put(Lane lane) {
    if (size >= buckets.length) {
      resize(buckets.length * 2);
    }
    link(lane);
    size++;
  }

  /** Removes it, if it is there. */
  void remove(Lane lane) {
    int bucket = bucket(lane.hash);
    Lane before = null;
    for (Lane one = buckets[bucket]; one != null; one = one.chained) {
      if (one == lane) {
        if (before == null) {
          buckets[bucket] = lane.chained;
        } else {
          before.chained = lane.chained;
        }
        lane.chained = null;
        size--;
        return;
      }
      before = one;
    }
  }

  /** How many records the longest of them holds. */
  int longest() {
    int longest = 0;
    for (Lane first : buckets) {
      for (Lane lane = first; lane != null; lane = lane.chained) {
        longest = Math.max(longest, lane.size());
      }
    }
    return longest;
  }

  private int bucket(int hash) {
    return hash & (buckets.length - 1);
  }

  private void link(Lane lane) {
    int bucket = bucket(lane.hash);
    lane.chained = buckets[bucket];
    buckets[bucket] = lane;
  }

  private void resize(int capacity) {
    @Nullable Lane[] old = buckets;
    buckets = new Lane[capacity];
    for (Lane one : old) {
      Lane lane = one;
      while (lane != null) {
        Lane following = lane.chained;
        link(lane);
        lane = following;
      }
    }
  }
}
