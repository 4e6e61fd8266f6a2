package io.github.safeconsumer.examples.longjobs;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Copy this file: one record is one job, far longer than {@code max.poll.interval.ms}, done in
 * steps. The name of the job is the key, the number of its steps the value.
 *
 * <p>Nothing keeps the membership alive here but the library, which polls meanwhile. What a long
 * job needs besides: a checkpoint after each step, so that the next owner goes on there; a
 * heartbeat of its progress, so that a job that hangs is told from one that is long; and an end
 * when nobody waits for it any more.
 */
final class LongJobs {
  static final String TOPIC = "jobs";
  static final String DEAD_LETTERS = "jobs.dlt";
  static final String GROUP = "job-runner";
  static final Duration POLL_INTERVAL = Duration.ofSeconds(6);

  /** No step takes so long: who makes no progress for this time hangs. */
  static final Duration STEP_LIMIT = Duration.ofSeconds(4);

  /** One step of a job; it should end when it is interrupted. */
  interface Work {
    void step(String job, int step) throws Exception;
  }

  private LongJobs() {}

  static SafeConsumer<String, String> consumer(
      String bootstrapServers, Checkpoints checkpoints, Work work) {
    return SafeConsumer.<String, String>builder()
        .kafka(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                GROUP,
                // For the demonstration only: Kafka's default of 5 minutes is right for hours, too.
                "max.poll.interval.ms",
                String.valueOf(POLL_INTERVAL.toMillis())))
        .topics(TOPIC)
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .ordering(Ordering.UNORDERED)
        .concurrency(4)
        // A rebalance and close() cut a job off, on purpose, and wait no longer than this for it.
        .longRunning()
        .drainTimeout(Duration.ofSeconds(1))
        // The time of a step, not of a job: each step asks for as much again. So expectedLatency,
        // which is that of the whole job and has to be less than this, stays undeclared.
        .handlerTimeout(STEP_LIMIT)
        .deadLetter(DeadLetterPolicy.toTopic(DEAD_LETTERS).createIfMissing())
        .handler(RecordHandler.of((record, context) -> run(record, context, checkpoints, work)))
        .build();
  }

  private static void run(
      ConsumerRecord<String, String> record,
      RecordContext context,
      Checkpoints checkpoints,
      Work work)
      throws Exception {
    String job = record.key();
    int steps = Integer.parseInt(record.value());
    for (int step = checkpoints.lastStep(job) + 1; step <= steps; step++) {
      if (context.cancelled()) {
        // Another member goes on with it, or will. Never return here: that would mean done.
        throw new CancellationException(job + " goes on elsewhere after step " + (step - 1));
      }
      work.step(job, step);
      checkpoints.save(job, step, context.generation());
      context.extendDeadline(STEP_LIMIT);
    }
  }
}
