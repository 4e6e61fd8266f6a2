package io.github.safeconsumer.integration;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.internal.shell.Coordinator;
import io.github.safeconsumer.support.Percentiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/** Threads that give commands to one consumer, and note how long the answers take. */
final class Commanders implements AutoCloseable {
  static final int THREADS = 4;

  private final Coordinator<String, String> commands;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final ConcurrentLinkedQueue<Long> pauses = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> partitionPauses = new ConcurrentLinkedQueue<>();

  Commanders(Coordinator<String, String> commands) {
    this.commands = commands;
  }

  /**
   * All pause at the same moment: the last one the partition, the others the consumer.
   *
   * @return how many were applied
   */
  int pauseAtOnce(TopicPartition partition) throws Exception {
    CyclicBarrier together = new CyclicBarrier(THREADS);
    List<Future<Boolean>> answers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      boolean whole = i < THREADS - 1;
      answers.add(
          threads.submit(
              () -> {
                together.await(60, TimeUnit.SECONDS);
                return whole
                    ? applied(commands::pause, pauses)
                    : applied(() -> commands.pause(List.of(partition)), partitionPauses);
              }));
    }
    int applied = 0;
    for (Future<Boolean> answer : answers) {
      applied += answer.get(60, TimeUnit.SECONDS) ? 1 : 0;
    }
    return applied;
  }

  @FunctionalInterface
  private interface Command {
    CompletableFuture<Outcome> give();
  }

  private static boolean applied(Command command, ConcurrentLinkedQueue<Long> times)
      throws Exception {
    long asked = System.nanoTime();
    Outcome outcome =
        command
            .give()
            .whenComplete((answer, failure) -> times.add(System.nanoTime() - asked))
            .get(60, TimeUnit.SECONDS);
    return outcome.applied();
  }

  /** Each gives so many commands at random, one upon the other; returns all their answers. */
  List<CompletableFuture<Outcome>> cross(List<TopicPartition> partitions, int each, long seed)
      throws Exception {
    List<Future<List<CompletableFuture<Outcome>>>> given = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed * THREADS + i);
      given.add(
          threads.submit(
              () -> {
                List<CompletableFuture<Outcome>> answers = new ArrayList<>();
                for (int n = 0; n < each; n++) {
                  List<TopicPartition> one =
                      List.of(partitions.get(random.nextInt(partitions.size())));
                  answers.add(
                      switch (random.nextInt(4)) {
                        case 0 -> commands.pause();
                        case 1 -> commands.resume();
                        case 2 -> commands.pause(one);
                        default -> commands.resume(one);
                      });
                }
                return answers;
              }));
    }
    List<CompletableFuture<Outcome>> all = new ArrayList<>();
    for (Future<List<CompletableFuture<Outcome>>> one : given) {
      all.addAll(one.get(60, TimeUnit.SECONDS));
    }
    return all;
  }

  /** Times from the call to the answer, of pauses of the whole consumer. */
  Percentiles pauses() {
    return new Percentiles(pauses);
  }

  /** The same, of pauses of one partition. */
  Percentiles partitionPauses() {
    return new Percentiles(partitionPauses);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
