package io.github.safeconsumer.examples.migrate;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent.MetadataIgnored;
import io.github.safeconsumer.examples.migrate.member.Journal;
import io.github.safeconsumer.examples.migrate.member.Member;
import io.github.safeconsumer.examples.migrate.member.Spec;

/** The side that one changes to: the settings of the other one as they are, and a dead letter. */
public final class SafeMember implements Member {
  private SafeConsumer<String, String> consumer;

  /** Made by name. */
  public SafeMember() {}

  @Override
  public void start(Spec spec, Journal journal) {
    consumer =
        SafeConsumer.<String, String>builder()
            .kafka(spec.kafka())
            .topics(spec.topic())
            .ordering(Ordering.KEY)
            .concurrency(4)
            .deadLetter(DeadLetterPolicy.none())
            .listener(
                event -> {
                  if (event instanceof MetadataIgnored ignored) {
                    System.out.println("metadata ignored: " + ignored);
                  }
                })
            .handler(RecordHandler.of((record, context) -> journal.handle(record)))
            .build();
    consumer.start();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
