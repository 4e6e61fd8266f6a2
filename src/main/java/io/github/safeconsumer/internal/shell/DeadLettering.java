package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.internal.config.KafkaSettings;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.deadletter.DeadLetterFactory;
import io.github.safeconsumer.internal.deadletter.DeadLetterProducerSettings;
import io.github.safeconsumer.internal.deadletter.DeadLetterSink;
import io.github.safeconsumer.internal.deadletter.DeadLetterTopicCheck;
import io.github.safeconsumer.internal.deadletter.HostName;
import io.github.safeconsumer.internal.deadletter.ProducerDeadLetterSink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * The dead-letter side of one consumer: its sink with the thread it works on, and the check of its
 * topics.
 */
final class DeadLettering {
  private final Settings<?, ?> settings;
  private final Platform platform;
  private final DeadLetterFactory letters;
  private final @Nullable ScheduledExecutorService thread;
  private final @Nullable DeadLetterSink sink;

  DeadLettering(Settings<?, ?> settings, Platform platform, Supplier<Optional<String>> clusterId) {
    this.settings = settings;
    this.platform = platform;
    KafkaSettings kafka = settings.kafka();
    this.letters =
        new DeadLetterFactory(kafka.groupId(), kafka.clientId(), HostName.find(), clusterId);
    if (settings.deadLetter().kind() == DeadLetterPolicy.Kind.NONE) {
      this.thread = null;
      this.sink = null;
      return;
    }
    String name = settings.name() + "-dead-letter";
    Execution execution = platform.execution();
    ScheduledExecutorService own = execution.single(name);
    this.thread = own;
    this.sink =
        new ProducerDeadLetterSink(
            settings.deadLetter(),
            settings.subscription(),
            DeadLetterProducerSettings.producer(kafka, settings.deadLetter()),
            platform.producers(),
            new ProducerDeadLetterSink.Surroundings(
                own,
                platform.time().clock(),
                platform.time()::nanos,
                platform.random(),
                task -> execution.thread(name + "-close", true, task).start(),
                execution::await));
  }

  DeadLetterFactory letters() {
    return letters;
  }

  /** Null where there is no dead-letter topic. */
  @Nullable DeadLetterSink sink() {
    return sink;
  }

  /** Whether records that nobody could help wait because the topic cannot be written. */
  boolean failing() {
    return sink != null && sink.failing();
  }

  /** Looks at the topics; blocks. Fails with what kept it from an answer. */
  List<Preflight.Finding> check() {
    if (sink == null) {
      return List.of();
    }
    try (Admin admin =
        platform
            .admins()
            .apply(DeadLetterProducerSettings.admin(settings.kafka(), settings.deadLetter()))) {
      return DeadLetterTopicCheck.check(admin, settings);
    }
  }

  /**
   * Ends the producer and the thread; letters not acknowledged stay uncommitted. True when both
   * ended within the bound.
   */
  boolean close(long nanos) {
    if (sink == null || thread == null) {
      return true;
    }
    sink.close(Duration.ofNanos(nanos));
    return Pools.shutdown(thread, TimeUnit.MILLISECONDS.toNanos(100));
  }
}
