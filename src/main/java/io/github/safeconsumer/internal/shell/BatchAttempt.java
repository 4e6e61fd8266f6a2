package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.BatchContext;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.HandlerCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One try of a batch handler. Thread-safe: a handler may report from threads of its own. */
final class BatchAttempt implements BatchContext {
  private final HandlerCall call;
  private final List<Attempt> attempts;
  private final @Nullable Throwable[] failures;
  private boolean over;

  /**
   * @param call that has the time-out of them all
   * @param attempts as the handler sees them
   */
  BatchAttempt(HandlerCall call, List<Attempt> attempts) {
    this.call = call;
    this.attempts = attempts;
    this.failures = new Throwable[attempts.size()];
  }

  @Override
  public synchronized void fail(int index, Throwable cause) {
    Objects.checkIndex(index, failures.length);
    Objects.requireNonNull(cause, "cause");
    if (over) {
      throw new IllegalStateException("the handler has returned already");
    }
    if (failures[index] == null) {
      failures[index] = cause;
    }
  }

  /** The handler has returned: nothing said later counts. */
  synchronized void end() {
    over = true;
  }

  /** What the handler said of one of its records; null for nothing. */
  synchronized @Nullable Throwable failure(int index) {
    return failures[index];
  }

  @Override
  public int attempt(int index) {
    return attempts.get(index).attempt();
  }

  @Override
  public int attempt() {
    return attempts.get(0).attempt();
  }

  @Override
  public boolean lastAttempt() {
    return attempts.get(0).lastAttempt();
  }

  @Override
  public Optional<Instant> firstFailureAt() {
    return attempts.get(0).firstFailureAt();
  }

  @Override
  public boolean cancelled() {
    return attempts.get(0).cancelled();
  }

  @Override
  public int generation() {
    return attempts.get(0).generation();
  }

  @Override
  public String groupId() {
    return attempts.get(0).groupId();
  }

  @Override
  public Instant deadline() {
    return call.deadline();
  }

  @Override
  public void extendDeadline(Duration time) {
    call.extendDeadline(time);
  }

  @Override
  public <T> T call(String downstream, Callable<T> call) throws Exception {
    return attempts.get(0).call(downstream, call);
  }

  @Override
  public void addCost(double units) {
    attempts.get(0).addCost(units);
  }
}
