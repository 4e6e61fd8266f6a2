package io.github.safeconsumer.integration;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.documentation.PermissionsTable;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SecureKafka;
import io.github.safeconsumer.support.SecureKafka.Permission;
import io.github.safeconsumer.support.Topics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One team's topic, group and dead-letter topic on the secure broker, and a member with permissions
 * of the documented table. Names of its own, so that scenarios share the broker.
 */
final class SecureScenario {
  static final String POISON = "poison";

  /** How a member proves who it is. */
  enum Access {
    SCRAM,
    CERTIFICATE
  }

  /** How the group is led. */
  enum Protocol {
    CLASSIC,
    CONSUMER;

    /** Those that the client can do. */
    static Stream<Protocol> possible() {
      return GroupProtocol.names().stream().map(name -> valueOf(name.toUpperCase(Locale.ROOT)));
    }
  }

  final SecureKafka kafka = SecureKafka.get();
  final String orders = Topics.create(kafka.plain(), "orders", 1);
  final String letters = orders + ".dlt";
  final String group = Topics.uniqueName("fulfilment");
  final String secret = Topics.uniqueName("secret");
  final List<SafeConsumerEvent> events = new CopyOnWriteArrayList<>();
  final Journal<String> journal =
      new Journal<>(
          (record, context) -> {
            if (record.value().equals(POISON)) {
              throw new IllegalStateException("always");
            }
          });
  private final Access access;
  private final Protocol protocol;

  SecureScenario(Access access, Protocol protocol) {
    this.access = access;
    this.protocol = protocol;
    if (access == Access.SCRAM) {
      kafka.addUser(group, secret);
    }
  }

  /** The dead-letter topic exists. */
  SecureScenario withLetters() {
    Topics.createNamed(kafka.plain(), letters, 1, Map.of());
    return this;
  }

  /** Grants the rows of the documented table that the condition selects, and nothing else. */
  SecureScenario allowed(Predicate<PermissionsTable.Row> rows) {
    kafka.allow(
        "User:" + (access == Access.SCRAM ? group : "CN=" + SecureKafka.MEMBER),
        PermissionsTable.rows().stream()
            .filter(rows)
            .map(row -> new Permission(row.type(), name(row.name()), row.operation()))
            .toList());
    return this;
  }

  /** Writes records, {@link #POISON} among them. */
  SecureScenario withRecords() {
    Clients.produce(kafka.plain(), orders, "one", POISON, "two");
    return this;
  }

  SafeConsumer.Builder<String, String> member() {
    return member(journal);
  }

  SafeConsumer.Builder<String, String> member(RecordHandler<String, String> handler) {
    return Consumers.strings(kafka.plain(), group, orders, handler)
        .kafka(settings())
        .deadLetter(DeadLetterPolicy.suffix(".dlt"))
        .listener(events::add);
  }

  /** Kafka settings of a member. */
  Map<String, Object> settings() {
    Map<String, Object> settings =
        access == Access.SCRAM ? kafka.scram(group, secret) : kafka.certificate(SecureKafka.MEMBER);
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "earliest");
    settings.put("group.protocol", protocol.name().toLowerCase(Locale.ROOT));
    return settings;
  }

  private String name(String example) {
    return switch (example) {
      case "orders" -> orders;
      case "orders.dlt" -> letters;
      case "fulfilment" -> group;
      default -> throw new AssertionError("docs/OPERATIONS.md: no test knows '" + example + "'");
    };
  }
}
