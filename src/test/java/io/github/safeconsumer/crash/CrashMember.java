package io.github.safeconsumer.crash;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.support.ChildJvm;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A member in a JVM of its own that writes what it does into a {@link SharedJournal}. */
public final class CrashMember {
  /** Printed once the group is joined. */
  public static final String JOINED = "joined";

  /** Printed with the partitions that were taken over. */
  public static final String ASSIGNED = "assigned";

  private CrashMember() {}

  /**
   * What all members of a group have in common.
   *
   * @param backoff between two attempts of a record, and as much again by chance
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
      Duration backoff) {

    /** Starts a member of this name, which nobody else of the group has or had. */
    public ChildJvm start(String name) {
      return ChildJvm.start(
          CrashMember.class,
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
          String.valueOf(backoff.toMillis()));
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
          Duration.ofMillis(Long.parseLong(args[10])));
    }

    /** The consumer of a member of this name. */
    SafeConsumer.Builder<String, String> consumer(String name, SharedJournal to) {
      var builder =
          Consumers.strings(brokers, group, topic, new JournallingHandler(name, to))
              .kafka(protocol.settings(0))
              .ordering(ordering)
              .concurrency(concurrency)
              .retry(RetryPolicy.fixed(backoff).jitter(0.5).maxAttempts(maxAttempts))
              .deadLetter(
                  DeadLetterPolicy.toTopic(deadLetters)
                      .floodLimit(Integer.MAX_VALUE)
                      .producer(
                          // A topic that is away is back within moments.
                          Map.of(
                              "max.block.ms", "1000",
                              "metadata.max.age.ms", "500",
                              "delivery.timeout.ms", "2000",
                              "request.timeout.ms", "1000",
                              "linger.ms", "0")));
      if (protocol.classic()) {
        builder.kafka("session.timeout.ms", 3_000);
      }
      return builder;
    }
  }

  /** Takes the name of the member and the fields of {@link Setup}, in their order. */
  public static void main(String[] args) {
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
    consumer.closed().join();
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
