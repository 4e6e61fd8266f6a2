package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.internal.core.Attempt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that runs now, for whoever looks at it from outside.
 *
 * @param thread that is in the handler; null for an asynchronous attempt
 */
record InFlight(Attempt attempt, @Nullable Thread thread) {
  private static final String NO_THREAD = "no thread (asynchronous)";

  List<StackTraceElement> stack() {
    Thread worker = thread;
    return worker == null ? List.of() : List.of(worker.getStackTrace());
  }

  StillRunning stillRunning() {
    Thread worker = thread;
    return new StillRunning(
        attempt.partition().topicPartition() + "@" + attempt.record().offset(),
        worker == null ? NO_THREAD : worker.getName(),
        stack());
  }
}
