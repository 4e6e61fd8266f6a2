package io.github.safeconsumer.examples.migrate;

import io.github.safeconsumer.examples.migrate.member.Spec;
import io.github.safeconsumer.localkafka.Sandbox;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Runs one migration on a broker, with a topic and a group of its own. */
record Lanes(Sandbox sandbox, Path directory) {
  /** The topic of a migration. */
  static String topic(Kind peer, Migration.Way way) {
    return peer.label() + "-" + way.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  Migration.Result run(Kind peer, Migration.Way way) throws Exception {
    String name = topic(peer, way);
    Map<String, Object> address = Map.of("bootstrap.servers", sandbox.bootstrapServers());
    try (Admin admin = Admin.create(address);
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(address, new StringSerializer(), new StringSerializer());
        Migration migration =
            new Migration(
                peer,
                way,
                new Spec(sandbox.bootstrapServers(), name, name),
                admin,
                producer,
                directory)) {
      return migration.run();
    }
  }
}
