package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.internal.core.Attempt;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of the handler that has not ended, for whoever looks at it from outside.
 *
 * @param attempts on the records it was called with: one, or a batch in offset order
 * @param thread that is in the handler; null for an asynchronous attempt
 */
record InFlight(List<Attempt> attempts, @Nullable Thread thread) {
  private static final String NO_THREAD = "no thread (asynchronous)";

  /** The attempt on its first record. */
  Attempt attempt() {
    return attempts.get(0);
  }

  List<StackTraceElement> stack() {
    Thread worker = thread;
    return worker == null ? List.of() : List.of(worker.getStackTrace());
  }

  /** Whether its thread called System.exit, and hangs in there until the process is over. */
  boolean endsTheProcess() {
    return stack().stream().anyMatch(frame -> frame.getClassName().equals("java.lang.Shutdown"));
  }

  /** One for each record. */
  Stream<StillRunning> stillRunning() {
    Thread worker = thread;
    String name = worker == null ? NO_THREAD : worker.getName();
    List<StackTraceElement> stack = stack();
    return attempts.stream()
        .map(
            attempt ->
                new StillRunning(
                    attempt.partition().topicPartition() + "@" + attempt.record().offset(),
                    name,
                    stack));
  }
}
