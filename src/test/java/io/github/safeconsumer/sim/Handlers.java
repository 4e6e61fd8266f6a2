package io.github.safeconsumer.sim;

import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import java.io.IOException;
import java.util.Collection;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The simulated user's handler: fast, slow, failing, hanging, giving commands. */
final class Handlers extends RecordHandler<byte[], byte[]> {
  /** What most handlers of a run are like. */
  enum Mood {
    FAST,
    MIXED,
    SLOW,
    FAILING,
    HANGING
  }

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

  private final Simulation simulation;
  private final SimConsumer consumer;
  private final Mood mood;

  Handlers(Simulation simulation, SimConsumer consumer, Mood mood) {
    this.simulation = simulation;
    this.consumer = consumer;
    this.mood = mood;
  }

  @Override
  public void handle(ConsumerRecord<byte[], byte[]> record, RecordContext context)
      throws Exception {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    simulation.trace("begins " + partition + "@" + record.offset() + " #" + context.attempt());
    simulation.see(new Fact.Begun(consumer.name(), partition, record.offset(), context.attempt()));
    Fact.End end = Fact.End.FAILED;
    try {
      consumer.execution().mayYield();
      act(record, context);
      consumer.execution().mayYield();
      end = Fact.End.DONE;
    } catch (IOException outage) {
      end = Fact.End.OUTAGE;
      throw outage;
    } finally {
      if (!consumer.execution().jvm().isDead()) {
        simulation.trace("ends " + partition + "@" + record.offset() + " " + end);
        simulation.see(new Fact.Ended(consumer.name(), partition, record.offset(), end));
      }
    }
  }

  private void act(ConsumerRecord<byte[], byte[]> record, RecordContext context)
      throws IOException, InterruptedException {
    SplittableRandom random =
        new SplittableRandom(
            simulation.plan().seed()
                ^ (record.offset() * 0x9E3779B97F4A7C15L)
                ^ ((long) record.topic().hashCode() << 32)
                ^ (record.partition() * 0xD1B54A32D192ED03L)
                ^ ((long) context.attempt() << 48));
    if (simulation.calm()) {
      simulation.scheduler().pass(random.nextLong(TimeUnit.MILLISECONDS.toNanos(2)));
      return;
    }
    if (simulation.outage()) {
      throw new IOException("downstream is away");
    }
    // A record of poison fails whenever it is tried.
    boolean poison = mood == Mood.FAILING && (record.offset() * 31 + record.partition()) % 17 == 0;
    switch (poison ? Deed.THROW : deed(random)) {
      case QUICK -> {}
      case WORK -> sleep(random.nextLong(TimeUnit.MILLISECONDS.toNanos(40)));
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
      case COMMAND -> consumer.commands().fromInside(random);
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

  @Override
  public void onAssigned(Collection<TopicPartition> partitions) {
    callback();
  }

  @Override
  public void onRevoked(Collection<TopicPartition> partitions) {
    callback();
  }

  @Override
  public void onLost(Collection<TopicPartition> partitions) {
    callback();
  }

  private void callback() {
    consumer.execution().mayYield();
    if (!simulation.calm()) {
      long drawn = simulation.chance(100);
      if (drawn < 10) {
        simulation.scheduler().pass(simulation.chance(TimeUnit.SECONDS.toNanos(1)));
      } else if (drawn < 13) {
        throw new IllegalStateException("simulated callback");
      } else if (drawn < 16) {
        consumer.commands().fromInside(new SplittableRandom(simulation.chance(1 << 30)));
      }
    }
  }
}
