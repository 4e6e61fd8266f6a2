package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.HandlerCall;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of the handler that has not ended, for whoever looks at it from outside.
 *
 * @param call on the records it was called with: one, or a batch in offset order
 * @param thread that is in the handler; null for an asynchronous attempt
 * @param stage of an asynchronous attempt, else null
 */
record InFlight(HandlerCall call, @Nullable Thread thread, @Nullable CompletionStage<?> stage) {
  private static final String NO_THREAD = "no thread (asynchronous)";

  /** One for each record. */
  List<Attempt> attempts() {
    return call.attempts();
  }

  /** The attempt on its first record. */
  Attempt attempt() {
    return call.first();
  }

  /** The thread's name, or that there is none. */
  String where() {
    Thread worker = thread;
    return worker == null ? NO_THREAD : worker.getName();
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
    String name = where();
    List<StackTraceElement> stack = stack();
    return attempts().stream()
        .map(
            attempt ->
                new StillRunning(
                    attempt.partition().topicPartition() + "@" + attempt.record().offset(),
                    name,
                    stack));
  }
}
