package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.DeadLetters.Listing;
import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.ReplayReport;
import io.github.safeconsumer.internal.config.DeadLettersSettings;
import io.github.safeconsumer.internal.shell.Parker;
import io.github.safeconsumer.internal.shell.Platform;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One dead-letter topic, opened. Each operation has its own clients, so they do not get in each
 * other's way; closing asks all of them to stop and waits for them.
 */
public final class Desk {
  private final Access access;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Set<Stop> running = new HashSet<>();
  private boolean closed;

  /** Checks the settings; connects to nothing. */
  public Desk(Platform platform, Map<?, ?> kafka, String topic) {
    this.access = new Access(platform, DeadLettersSettings.check(kafka, topic), topic);
  }

  public Listing list(Predicate<? super DeadLetter> filter, int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit=" + limit + " must be at least 0");
    }
    return during(stop -> new Lister(access, stop).list(filter, limit));
  }

  public Optional<Entry> find(int partition, long offset) {
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "partition=" + partition + ", offset=" + offset + ": both must be at least 0");
    }
    return during(stop -> new Lister(access, stop).find(partition, offset));
  }

  public ReplayReport replay(Predicate<? super DeadLetter> filter, ReplayOptions options) {
    Map<String, Object> producer =
        DeadLettersSettings.check(
            options, access.topic(), access.user().containsKey("config.providers"));
    return during(stop -> new Replay(access, filter, options, producer, stop).run());
  }

  private <T> T during(Function<Stop, T> operation) {
    Parker parker = access.platform().execution().parker();
    parker.own();
    Stop stop = new Stop(parker);
    begin(stop);
    try {
      return operation.apply(stop);
    } catch (Stop.Stopped meanwhile) {
      throw new IllegalStateException("closed while it was running", meanwhile);
    } finally {
      end(stop);
    }
  }

  private void begin(Stop stop) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("closed: open the dead-letter topic again");
      }
      running.add(stop);
    } finally {
      lock.unlock();
    }
  }

  private void end(Stop stop) {
    lock.lock();
    try {
      running.remove(stop);
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops what runs; returns when it has ended, or the bound is over. */
  public void close(Duration bound) {
    lock.lock();
    try {
      closed = true;
      running.forEach(Stop::ask);
      long left = bound.toNanos();
      while (!running.isEmpty() && left > 0) {
        left = ended.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(60)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
