package io.github.safeconsumer.integration;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A consumer in a JVM of its own that gives itself commands; see {@link TerminationIT}. */
final class SuspendingMain {
  /** What it does once it has handled some records. */
  enum Mode {
    /** Suspends, and returns from main. */
    RETURN,
    /** Suspends, and stays for another reason. */
    STAY,
    /** Suspends while a handler has three more seconds to go. */
    DRAIN,
    /** Gives every command from a shutdown hook of its own. */
    HOOK
  }

  static final Duration LAST_RECORD = Duration.ofSeconds(3);
  private static final int BEFORE = 20;

  private SuspendingMain() {}

  /** Takes the brokers, a group, a topic, a {@link GroupProtocol} and a {@link Mode}. */
  public static void main(String[] args) throws Exception {
    Mode mode = Mode.valueOf(args[4]);
    CountDownLatch some = new CountDownLatch(BEFORE);
    SafeConsumer<String, String> consumer =
        Consumers.strings(args[0], args[1], args[2], new Journal<>((r, c) -> work(r, some, mode)))
            .kafka(GroupProtocol.valueOf(args[3]).settings(0))
            .concurrency(2)
            .shutdownHook(true)
            .listener(event -> System.out.println("event " + event))
            .build();
    consumer.start().get();
    some.await();
    switch (mode) {
      case RETURN -> System.out.println("answer " + consumer.suspend().get());
      case STAY -> {
        System.out.println("answer " + consumer.suspend().get());
        new CountDownLatch(1).await();
      }
      case DRAIN -> {
        CompletableFuture<Outcome> answer = consumer.suspend();
        System.out.println("suspending");
        System.out.println("answer " + answer.get());
      }
      case HOOK -> {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> command(consumer, args[2])));
        System.out.println("ready");
      }
    }
  }

  private static void work(ConsumerRecord<String, String> record, CountDownLatch some, Mode mode) {
    some.countDown();
    boolean last = some.getCount() == 0 && mode == Mode.DRAIN;
    Work.lasting(last ? LAST_RECORD : MemberMain.WORK);
    System.out.println("done " + record.topic() + "-" + record.partition() + "@" + record.offset());
  }

  private static void command(SafeConsumer<String, String> consumer, String topic) {
    List<TopicPartition> one = List.of(new TopicPartition(topic, 0));
    List<CompletableFuture<?>> answers =
        List.of(
            consumer.pause(),
            consumer.resume(),
            consumer.pause(one),
            consumer.resume(one),
            consumer.pauseAndDrain(),
            consumer.suspend(),
            consumer.resume(),
            consumer.closeAsync(Duration.ofSeconds(20)));
    for (CompletableFuture<?> answer : answers) {
      try {
        System.out.println("answer " + answer.get(25, TimeUnit.SECONDS));
      } catch (ExecutionException | TimeoutException e) {
        System.out.println("no answer " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    System.out.println("all answered");
  }
}
