package io.github.safeconsumer.crash;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.support.ChildJvm;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A member in a JVM of its own that writes what it does into a {@link SharedJournal}. */
public final class CrashMember {
  /** Printed once the group is joined. */
  public static final String JOINED = "joined";

  /** Printed with the partitions that were taken over. */
  public static final String ASSIGNED = "assigned";

  /** Begins the note of a member whose health changed. */
  public static final String HEALTH = "health ";

  /** Instead of the topic for dead letters: there is none. */
  public static final String NO_DEAD_LETTERS = "-";

  /** How many processes may die of a record, by default. */
  public static final int CRASH_LIMIT = 3;

  private static final long LOOK_AT_HEALTH_MILLIS = 100;

  private CrashMember() {}

  /**
   * What all members of a group have in common.
   *
   * @param deadLetters their topic, or {@link #NO_DEAD_LETTERS}
   * @param backoff between two attempts of a record, and as much again by chance
   * @param crashLimit how many processes may die of a record
   */
  public record Setup(
      String brokers,
      String group,
      String topic,
      String deadLetters,
      Path journal,
      GroupProtocol protocol,
      Ordering ordering,
      int concurrency,
      int maxAttempts,
      Duration backoff,
      int crashLimit) {

    /** With the crash guard as it is by default. */
    public Setup(
        String brokers,
        String group,
        String topic,
        String deadLetters,
        Path journal,
        GroupProtocol protocol,
        Ordering ordering,
        int concurrency,
        int maxAttempts,
        Duration backoff) {
      this(
          brokers,
          group,
          topic,
          deadLetters,
          journal,
          protocol,
          ordering,
          concurrency,
          maxAttempts,
          backoff,
          CRASH_LIMIT);
    }

    /** The same in another protocol. */
    public Setup with(GroupProtocol other) {
      return new Setup(
          brokers,
          group,
          topic,
          deadLetters,
          journal,
          other,
          ordering,
          concurrency,
          maxAttempts,
          backoff,
          crashLimit);
    }

    /** Starts a member of this name, which nobody else of the group has or had. */
    public ChildJvm start(String name) {
      return start(name, System.getProperty("java.class.path"));
    }

    /** The same with other jars: of another build of the library, or another client. */
    public ChildJvm start(String name, String classPath) {
      return ChildJvm.start(
          classPath,
          List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
          CrashMember.class.getName(),
          name,
          brokers,
          group,
          topic,
          deadLetters,
          journal.toString(),
          protocol.name(),
          ordering.name(),
          String.valueOf(concurrency),
          String.valueOf(maxAttempts),
          String.valueOf(backoff.toMillis()),
          String.valueOf(crashLimit));
    }

    private static Setup parse(String[] args) {
      return new Setup(
          args[1],
          args[2],
          args[3],
          args[4],
          Path.of(args[5]),
          GroupProtocol.valueOf(args[6]),
          Ordering.valueOf(args[7]),
          Integer.parseInt(args[8]),
          Integer.parseInt(args[9]),
          Duration.ofMillis(Long.parseLong(args[10])),
          Integer.parseInt(args[11]));
    }

    /** The consumer of a member of this name. */
    SafeConsumer.Builder<String, String> consumer(String name, SharedJournal to) {
      var builder =
          Consumers.strings(brokers, group, topic, new JournallingHandler(name, to))
              .kafka(protocol.settings(0))
              .ordering(ordering)
              .concurrency(concurrency)
              .crashLimit(crashLimit)
              // Records fail here on purpose, many at once: the bounds of each are what is checked.
              .circuitBreaker(CircuitBreakerPolicy.off())
              .valueDeserializer(() -> new JournallingDeserializer(name, to))
              .retry(RetryPolicy.fixed(backoff).jitter(0.5).maxAttempts(maxAttempts))
              .deadLetter(deadLetterPolicy());
      if (protocol.classic()) {
        builder.kafka("session.timeout.ms", 3_000);
      }
      return builder;
    }

    private DeadLetterPolicy deadLetterPolicy() {
      if (deadLetters.equals(NO_DEAD_LETTERS)) {
        return DeadLetterPolicy.none();
      }
      return DeadLetterPolicy.toTopic(deadLetters)
          .floodLimit(Integer.MAX_VALUE)
          .producer(
              // A topic that is away is back within moments.
              Map.of(
                  "max.block.ms", "1000",
                  "metadata.max.age.ms", "500",
                  "delivery.timeout.ms", "2000",
                  "request.timeout.ms", "1000",
                  "linger.ms", "0"));
    }
  }

  /** Takes the name of the member and the fields of {@link Setup}, in their order. */
  public static void main(String[] args) throws Exception {
    String name = args[0];
    Setup setup = Setup.parse(args);
    SharedJournal journal = new SharedJournal(setup.journal());
    SafeConsumer<String, String> consumer =
        setup
            .consumer(name, journal)
            .shutdownHook(true)
            .listener(event -> note(name, journal, event))
            .build();
    consumer.start().thenAccept(outcome -> System.out.println(JOINED + " " + outcome));
    noteHealth(name, journal, consumer);
  }

  /** Until the consumer is closed. */
  private static void noteHealth(
      String name, SharedJournal journal, SafeConsumer<String, String> consumer) throws Exception {
    Health before = null;
    while (true) {
      Health health = consumer.health();
      if (!health.equals(before)) {
        journal.write(new Fact.Noted(name, HEALTH + health));
      }
      before = health;
      try {
        consumer.closed().get(LOOK_AT_HEALTH_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException stillOpen) {
        Thread.onSpinWait();
      }
    }
  }

  private static void note(String name, SharedJournal journal, SafeConsumerEvent event) {
    if (event instanceof SafeConsumerEvent.PartitionsAssigned assigned) {
      System.out.println(ASSIGNED + " " + assigned.partitions().size());
    } else if (event instanceof SafeConsumerEvent.RetryScheduled
        || event instanceof SafeConsumerEvent.DeadLettered) {
      return;
    }
    journal.write(new Fact.Noted(name, event.toString()));
  }
}
