package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.documentation.Documents.Block;
import io.github.safeconsumer.support.ChildJvm;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.EmbedderClassPath;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader copies from the README first really consumes. */
class ReadmeSampleIT {
  private static final Path README = Path.of("README.md");
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path classes;

  @Test
  void shouldConsumeAndBuryAndCommitAtTheEndOfTheJvm() {
    String brokers = SharedKafka.bootstrapServers();
    String orders = Topics.create(brokers, "readme", 1);
    Topics.createNamed(brokers, orders + ".dlt", 1, Map.of());
    String group = Topics.uniqueName("readme-group");
    Clients.produce(
        brokers,
        orders,
        "{\"id\": \"1\", \"quantity\": 2}",
        "no JSON",
        "{\"id\": \"3\", \"quantity\": 4}");

    Block sample = Documents.blocks(README, "java").get(0);
    assertThat(
            Samples.compile(
                README,
                block ->
                    block.line() == sample.line() ? against(block, brokers, orders, group) : block,
                classes))
        .isEmpty();
    String classPath = EmbedderClassPath.library().value() + File.pathSeparator + classes;

    try (Admin admin = Clients.admin(brokers);
        ChildJvm program =
            ChildJvm.start(classPath, List.of("-Xmx128m"), Samples.className(sample))) {
      program.awaitLine("Order[id=1, quantity=2]", SOON);
      program.awaitLine("Order[id=3, quantity=4]", SOON);
      assertThat(Clients.read(brokers, orders + ".dlt", 1))
          .extracting("value")
          .containsExactly("no JSON");

      program.stop();
      program.awaitExit(SOON);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(Consumers.committed(admin, group))
                      .isEqualTo(Map.of(new TopicPartition(orders, 0), 3L)));
    }
  }

  /** The names that must differ here; everything else as a reader has it. */
  private static Block against(Block block, String brokers, String orders, String group) {
    return new Block(
        block.file(),
        block.line(),
        block.language(),
        replace(
            replace(
                replace(
                    replace(block.code(), "localhost:9092", brokers),
                    "\"orders.dlt\"",
                    '"' + orders + ".dlt\""),
                "\"orders\"",
                '"' + orders + '"'),
            "\"fulfilment\"",
            '"' + group + '"'));
  }

  private static String replace(String code, String from, String to) {
    assertThat(code).contains(from);
    return code.replace(from, to);
  }
}
