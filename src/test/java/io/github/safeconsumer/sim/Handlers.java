package io.github.safeconsumer.sim;

import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import java.io.IOException;
import java.util.Collection;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The forms of the simulated user's handler. */
final class Handlers {
  /** What most attempts of a run are like: fast, slow, failing, hanging, giving commands. */
  enum Mood {
    FAST,
    MIXED,
    SLOW,
    FAILING,
    HANGING
  }

  private Handlers() {}

  /** How an attempt that threw this ended. */
  static Fact.End end(Throwable thrown) {
    return thrown instanceof IOException ? Fact.End.OUTAGE : Fact.End.FAILED;
  }

  /** An attempt is a call. */
  static RecordHandler<byte[], byte[]> sync(Deeds deeds) {
    return new Sync(deeds);
  }

  /** An attempt is a stage. */
  static RecordHandler<byte[], byte[]> async(Deeds deeds) {
    return RecordHandler.ofAsync((record, context) -> begin(deeds, record, context));
  }

  private static final class Sync extends RecordHandler<byte[], byte[]> {
    private final Deeds deeds;

    Sync(Deeds deeds) {
      this.deeds = deeds;
    }

    @Override
    public void handle(ConsumerRecord<byte[], byte[]> record, RecordContext context)
        throws Exception {
      long work = deeds.simulation().nextId();
      deeds.begins(record, context.attempt(), work, 1);
      Fact.End end = Fact.End.FAILED;
      try {
        deeds.execution().mayYield();
        deeds.act(record, context.attempt(), true);
        deeds.execution().mayYield();
        end = Fact.End.DONE;
      } catch (IOException outage) {
        end = end(outage);
        throw outage;
      } finally {
        deeds.ends(record, work, end);
      }
    }

    @Override
    public void onAssigned(Collection<TopicPartition> partitions) {
      deeds.callback();
    }

    @Override
    public void onRevoked(Collection<TopicPartition> partitions) {
      deeds.callback();
    }

    @Override
    public void onLost(Collection<TopicPartition> partitions) {
      deeds.callback();
    }
  }

  /** Some are done at once, some never begin, most complete on another thread. */
  private static @Nullable CompletableFuture<Void> begin(
      Deeds deeds, ConsumerRecord<byte[], byte[]> record, RecordContext context) {
    long work = deeds.simulation().nextId();
    deeds.begins(record, context.attempt(), work, 1);
    SplittableRandom random = deeds.random(record, -context.attempt());
    int way = random.nextInt(deeds.simulation().calm() ? 2 : 0, 100);
    if (way < 2) {
      deeds.ends(record, work, Fact.End.FAILED);
      if (way == 0) {
        throw new IllegalStateException("simulated: does not even begin");
      }
      return null;
    }
    Stage stage = new Stage(deeds, record, work, deaf(deeds, record, random));
    if (way < 15) {
      stage.work(context.attempt(), true);
    } else {
      deeds
          .simulation()
          .scheduler()
          .spawn(
              "async",
              deeds.execution().jvm(),
              deeds.execution().inside(() -> stage.work(context.attempt(), false)));
    }
    return stage;
  }

  /** Cancelling it changes nothing. */
  private static boolean deaf(
      Deeds deeds, ConsumerRecord<byte[], byte[]> record, SplittableRandom random) {
    boolean some = random.nextInt(3) == 0;
    return some || deeds.simulation().hanging().contains(Deeds.partition(record), record.offset());
  }

  /** Work that goes on somewhere; it can be cancelled, unless it is deaf. */
  private static final class Stage extends CompletableFuture<Void> {
    private final Deeds deeds;
    private final ConsumerRecord<byte[], byte[]> record;
    private final long work;
    private final boolean deaf;

    Stage(Deeds deeds, ConsumerRecord<byte[], byte[]> record, long work, boolean deaf) {
      this.deeds = deeds;
      this.record = record;
      this.work = work;
      this.deaf = deaf;
    }

    void work(int attempt, boolean inside) {
      Throwable thrown = null;
      try {
        deeds.execution().mayYield();
        deeds.act(record, attempt, inside);
        deeds.execution().mayYield();
      } catch (IOException | InterruptedException | IllegalStateException failed) {
        thrown = failed;
      } catch (StackOverflowError error) {
        thrown = error;
      }
      if (isDone()) {
        return; // cancelled
      }
      deeds.ends(record, work, thrown == null ? Fact.End.DONE : end(thrown));
      if (thrown == null) {
        complete(null);
      } else {
        completeExceptionally(work % 2 == 0 ? thrown : new CompletionException(thrown));
      }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      if (deaf || isDone()) {
        return false;
      }
      deeds.ends(record, work, Fact.End.FAILED);
      return super.cancel(mayInterrupt);
    }
  }
}
