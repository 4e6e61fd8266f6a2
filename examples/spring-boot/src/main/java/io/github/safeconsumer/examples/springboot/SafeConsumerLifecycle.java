package io.github.safeconsumer.examples.springboot;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.State;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Starts the consumer when all else is ready, and closes it before all else: running handlers end,
 * what is done is committed, the group is left, while the beans that handlers use and the probes
 * are still there.
 */
@Component
public final class SafeConsumerLifecycle implements SmartLifecycle, ExitCodeGenerator {
  private static final Logger LOG = LoggerFactory.getLogger(SafeConsumerLifecycle.class);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int FAILED = 1;

  private final SafeConsumer<?, ?> consumer;
  private final Duration bound;
  private volatile boolean started;

  /**
   * @param phase how long Spring waits for it; a tenth less is for the consumer, so that its report
   *     comes before Spring goes on without it
   */
  SafeConsumerLifecycle(
      SafeConsumer<?, ?> consumer,
      @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration phase) {
    this.consumer = consumer;
    Duration most = phase.minus(phase.dividedBy(10));
    bound = most.compareTo(LONGEST) > 0 ? LONGEST : most;
  }

  /** Does not wait for the brokers: until the group is joined, the consumer is not ready. */
  @Override
  public void start() {
    consumer.start();
    started = true;
  }

  @Override
  public void stop(Runnable callback) {
    consumer
        .closeAsync(bound)
        .whenComplete(
            (report, failure) -> {
              if (failure == null) {
                tell(report);
              }
              callback.run();
            });
  }

  @Override
  public void stop() {
    tell(consumer.close(bound));
  }

  private static void tell(CloseReport report) {
    report.stillRunning().forEach(one -> LOG.warn("did not end in time: {}", one.what()));
    LOG.info("consumer closed: {}", report);
  }

  @Override
  public boolean isRunning() {
    return started && !consumer.status().state().isFinal();
  }

  /** A consumer that was closed cannot be started again, so Spring must not stop it for a while. */
  @Override
  public boolean isPauseable() {
    return false;
  }

  /** Runs once the consumer has failed for good, on a thread of its own. */
  public void whenFailed(Runnable action) {
    consumer
        .closed()
        .thenAccept(
            end -> {
              if (end.state() == State.FAILED) {
                Thread thread = new Thread(action, "safeconsumer-failed");
                thread.setDaemon(false); // else the JVM could end before it has said its exit code
                thread.start();
              }
            });
  }

  @Override
  public int getExitCode() {
    return consumer.status().state() == State.FAILED ? FAILED : 0;
  }
}
