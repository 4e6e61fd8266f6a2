package io.github.safeconsumer.integration;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.Work;
import java.time.Duration;

/**
 * A consumer in a JVM of its own, which prints what it does; see {@link ExpulsionIT} and {@link
 * CloseIT}.
 */
final class MemberMain {
  static final Duration WORK = Duration.ofMillis(20);

  private MemberMain() {}

  /** Takes the brokers, a group, a topic, a {@link GroupProtocol} and the poll interval in ms. */
  public static void main(String[] args) {
    GroupProtocol protocol = GroupProtocol.valueOf(args[3]);
    var builder =
        Consumers.strings(
                args[0],
                args[1],
                args[2],
                new Journal<>(
                    (record, context) -> {
                      Work.lasting(WORK);
                      System.out.println(
                          "done "
                              + record.topic()
                              + "-"
                              + record.partition()
                              + "@"
                              + record.offset());
                    }))
            .kafka(protocol.settings(0))
            .kafka("max.poll.interval.ms", args[4])
            .concurrency(2)
            .shutdownHook(true)
            .listener(MemberMain::print);
    if (protocol.classic()) {
      builder.kafka("session.timeout.ms", 4_000);
    }
    builder.build().start().join();
  }

  private static void print(SafeConsumerEvent event) {
    System.out.println("event " + event);
  }
}
