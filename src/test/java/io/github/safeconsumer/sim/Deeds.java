package io.github.safeconsumer.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the simulated user does with records and in callbacks, and how the oracle hears of it. */
final class Deeds {
  private enum Deed {
    QUICK,
    WORK,
    SLOW,
    THROW,
    ERROR,
    OUTAGE,
    HANG_LONG,
    HANG_DEAF,
    COMMAND
  }

  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  private final Simulation simulation;
  private final SimConsumer consumer;
  private final Handlers.Mood mood;

  Deeds(Simulation simulation, SimConsumer consumer, Handlers.Mood mood) {
    this.simulation = simulation;
    this.consumer = consumer;
    this.mood = mood;
  }

  Simulation simulation() {
    return simulation;
  }

  SimExecution execution() {
    return consumer.execution();
  }

  static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  static @Nullable String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
  }

  void begins(ConsumerRecord<byte[], byte[]> record, int attempt, long work, int batch) {
    simulation.trace(
        "begins " + partition(record) + "@" + record.offset() + " #" + attempt + " " + key(record));
    simulation.see(consumer.loaded());
    if (Thread.currentThread().isInterrupted()) {
      simulation.see(new Fact.Misused("S21", "interrupted at the entry of @" + record.offset()));
    }
    simulation.see(
        new Fact.Begun(
            consumer.name(),
            partition(record),
            record.offset(),
            attempt,
            key(record),
            work,
            batch));
  }

  void ends(ConsumerRecord<?, ?> record, long work, Fact.End end) {
    if (!execution().jvm().isDead()) {
      simulation.trace("ends " + partition(record) + "@" + record.offset() + " " + end);
      simulation.see(
          new Fact.Ended(consumer.name(), partition(record), record.offset(), end, work));
    }
  }

  /** Of this attempt alone: the same in every run of a seed, whoever makes it. */
  SplittableRandom random(ConsumerRecord<?, ?> record, int attempt) {
    return new SplittableRandom(
        simulation.plan().seed()
            ^ (record.offset() * 0x9E3779B97F4A7C15L)
            ^ ((long) record.topic().hashCode() << 32)
            ^ (record.partition() * 0xD1B54A32D192ED03L)
            ^ ((long) attempt << 48));
  }

  /**
   * The work for one record.
   *
   * @param inside whether the library knows that it is called from inside of an attempt
   */
  void act(ConsumerRecord<byte[], byte[]> record, int attempt, boolean inside)
      throws IOException, InterruptedException {
    if (simulation.killers().contains(partition(record), record.offset())) {
      simulation.killedBy(execution().jvm(), partition(record), record.offset());
    }
    if (simulation.hanging().contains(partition(record), record.offset())) {
      simulation.scheduler().await(simulation::ending, Scheduler.FOREVER, false);
      throw new IllegalStateException("simulated: far too late");
    }
    SplittableRandom random = random(record, attempt);
    if (simulation.calm()) {
      simulation.scheduler().pass(random.nextLong(TimeUnit.MILLISECONDS.toNanos(2)));
      return;
    }
    if (simulation.outage()) {
      throw new IOException("downstream is away");
    }
    // A record of poison fails whenever it is tried.
    boolean poison =
        mood == Handlers.Mood.FAILING && (record.offset() * 31 + record.partition()) % 17 == 0;
    boolean slow = simulation.isSlow(record.topic());
    switch (poison ? Deed.THROW : deed(random)) {
      case QUICK -> {
        if (slow) {
          sleep(Tempo.SLOWER * QUICK_NANOS);
        }
      }
      case WORK -> sleep(random.nextLong(WORK_NANOS) * (slow ? Tempo.SLOWER : 1));
      case SLOW -> sleep(random.nextLong(TimeUnit.SECONDS.toNanos(10)));
      case THROW -> {
        sleep(random.nextLong(TimeUnit.MILLISECONDS.toNanos(5)));
        throw new IllegalStateException("simulated");
      }
      case ERROR -> throw new StackOverflowError("simulated");
      case OUTAGE -> throw new IOException("simulated");
      case HANG_LONG -> await(simulation::calm, TimeUnit.SECONDS.toNanos(20 + random.nextInt(100)));
      case HANG_DEAF ->
          simulation.scheduler().await(simulation::calm, TimeUnit.SECONDS.toNanos(300), false);
      case COMMAND -> consumer.commands().fromHandler(random, inside);
    }
  }

  private Deed deed(SplittableRandom random) {
    int drawn = random.nextInt(1000);
    return switch (mood) {
      case FAST -> drawn < 950 ? Deed.QUICK : drawn < 990 ? Deed.WORK : Deed.COMMAND;
      case MIXED ->
          drawn < 500
              ? Deed.QUICK
              : drawn < 850
                  ? Deed.WORK
                  : drawn < 880
                      ? Deed.SLOW
                      : drawn < 930
                          ? Deed.THROW
                          : drawn < 940 ? Deed.ERROR : drawn < 980 ? Deed.OUTAGE : Deed.COMMAND;
      case SLOW -> drawn < 600 ? Deed.WORK : drawn < 990 ? Deed.SLOW : Deed.COMMAND;
      case FAILING ->
          drawn < 600
              ? Deed.WORK
              : drawn < 850 ? Deed.THROW : drawn < 900 ? Deed.ERROR : Deed.OUTAGE;
      case HANGING ->
          drawn < 900
              ? Deed.WORK
              : drawn < 950
                  ? Deed.SLOW
                  : drawn < 980 ? Deed.HANG_LONG : drawn < 990 ? Deed.HANG_DEAF : Deed.COMMAND;
    };
  }

  /** As Thread.sleep, in virtual time; over when everything has to heal. */
  private void sleep(long nanos) throws InterruptedException {
    await(null, nanos);
  }

  private void await(@Nullable BooleanSupplier until, long nanos) throws InterruptedException {
    if (simulation.scheduler().await(until, nanos, true) == SimThread.Woken.INTERRUPT
        && Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** onAssigned, onRevoked, onLost. */
  void callback() {
    execution().mayYield();
    if (!simulation.calm()) {
      long drawn = simulation.chance(100);
      if (drawn < 10) {
        simulation.scheduler().pass(simulation.chance(TimeUnit.SECONDS.toNanos(1)));
      } else if (drawn < 13) {
        throw new IllegalStateException("simulated callback");
      } else if (drawn < 16) {
        consumer.commands().fromHandler(new SplittableRandom(simulation.chance(1 << 30)), true);
      }
    }
  }
}
