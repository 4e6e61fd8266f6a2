package io.github.safeconsumer.budget;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.support.GroupProtocol;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sibling joins and leaves every few seconds while the handler is slow: partitions are drained
 * inside the window and change hands without a record handled twice.
 */
@Timeout(600)
class HandOverUnderSlowHandlerIT {
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#dynamic")
  void shouldHandOverInTimeAndRepeatNothingWhileASiblingComesAndGoes(GroupProtocol protocol)
      throws Exception {
    ExecutorService dancers = Executors.newCachedThreadPool();
    try {
      // Both orders at once: a group mostly sleeps.
      CompletableFuture<Void> byKey = dance(protocol, Ordering.KEY, dancers);
      CompletableFuture<Void> byPartition = dance(protocol, Ordering.PARTITION, dancers);
      byKey.get();
      byPartition.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof AssertionError wrong) {
        throw wrong;
      }
      throw failed;
    } finally {
      dancers.shutdownNow();
    }
  }

  private static CompletableFuture<Void> dance(
      GroupProtocol protocol, Ordering ordering, ExecutorService dancers) {
    return CompletableFuture.runAsync(new SiblingDance(protocol, ordering)::run, dancers);
  }
}
