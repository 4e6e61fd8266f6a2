package io.github.safeconsumer.budget;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the handlers of one group did, whichever member ran them. Thread-safe. */
final class Handled {
  /** One record in a handler. */
  static final class Attempt {
    private final String lane;
    private final int partition;
    private final long offset;
    private final long asked;
    private final long began = System.nanoTime();
    private volatile long ended;

    private Attempt(ConsumerRecord<String, String> record, Ordering ordering, Duration asked) {
      this.partition = record.partition();
      this.offset = record.offset();
      this.asked = asked.toNanos();
      this.lane =
          switch (ordering) {
            case PARTITION -> "partition " + partition;
            case KEY -> "key " + record.key();
            case UNORDERED -> place();
          };
    }

    int partition() {
      return partition;
    }

    String place() {
      return partition + "@" + offset;
    }

    long began() {
      return began;
    }

    /** How long the handler was told to take. */
    long askedNanos() {
      return asked;
    }

    /** 0 while it runs. */
    long ended() {
      return ended;
    }

    /** The part of it that lies between two moments, from 0 to 1. */
    double shareWithin(long from, long to) {
      long end = ended == 0 ? Math.max(to, began + asked) : ended;
      double inside = Math.min(end, to) - Math.max(began, from);
      return inside <= 0 ? 0 : inside / (end - began);
    }
  }

  private final Ordering ordering;
  private final ConcurrentLinkedQueue<Attempt> attempts = new ConcurrentLinkedQueue<>();
  private final AtomicInteger finished = new AtomicInteger();
  private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> overlaps = new ConcurrentLinkedQueue<>();

  Handled(Ordering ordering) {
    this.ordering = ordering;
  }

  /** Takes so long over a record. */
  void work(ConsumerRecord<String, String> record, Duration time) {
    Attempt attempt = begin(record, time);
    Work.lasting(time);
    end(List.of(attempt));
  }

  Attempt begin(ConsumerRecord<String, String> record, Duration time) {
    Attempt attempt = new Attempt(record, ordering, time);
    if (inside.computeIfAbsent(attempt.lane, l -> new AtomicInteger()).incrementAndGet() > 1) {
      overlaps.add(attempt.lane + " at " + attempt.place());
    }
    attempts.add(attempt);
    return attempt;
  }

  void end(Collection<Attempt> done) {
    for (Attempt attempt : done) {
      attempt.ended = System.nanoTime();
      inside.get(attempt.lane).decrementAndGet();
      finished.incrementAndGet();
    }
  }

  /** It comes again. */
  void fail(Attempt attempt) {
    inside.get(attempt.lane).decrementAndGet();
  }

  /** In the order in which they began. */
  List<Attempt> attempts() {
    return new ArrayList<>(attempts);
  }

  int started() {
    return attempts.size();
  }

  int finished() {
    return finished.get();
  }

  int distinct() {
    return finishedPlaces().size();
  }

  /** How often a record was finished that had been finished before. */
  int duplicates() {
    return finished() - distinct();
  }

  private Set<String> finishedPlaces() {
    Set<String> places = new HashSet<>();
    for (Attempt attempt : attempts) {
      if (attempt.ended != 0) {
        places.add(attempt.place());
      }
    }
    return places;
  }

  /** Records of one lane that were handled at once, or after a later one. */
  List<String> disorder() {
    List<String> found = new ArrayList<>(overlaps);
    Map<String, Attempt> last = new HashMap<>();
    for (Attempt attempt : attempts) {
      Attempt before = last.put(attempt.lane, attempt);
      if (before != null && before.offset > attempt.offset) {
        found.add(attempt.lane + ": " + attempt.place() + " after " + before.place());
      }
    }
    return found;
  }
}
