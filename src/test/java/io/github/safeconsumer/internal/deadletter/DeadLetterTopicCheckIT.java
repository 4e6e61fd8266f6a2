package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class DeadLetterTopicCheckIT {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private static String servers() {
    return SharedKafka.bootstrapServers();
  }

  private static List<Finding> check(DeadLetterPolicy policy, String... sources) {
    return check(policy, new Subscription(List.of(sources), null));
  }

  private static List<Finding> check(DeadLetterPolicy policy, Subscription subscription) {
    try (Admin admin = Clients.admin(servers())) {
      return DeadLetterTopicCheck.check(admin, policy, subscription, BOUND);
    }
  }

  private static Finding one(DeadLetterPolicy policy, String... sources) {
    List<Finding> findings = check(policy, sources);
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  @Test
  void shouldFindNothingWrongWithAnOrdinaryTopic() {
    String source = Topics.create(servers(), "orders", 2);
    String dead = Topics.create(servers(), "dead", 1);
    Topics.createNamed(servers(), source + ".dlt", 1, Map.of());

    assertThat(check(DeadLetterPolicy.toTopic(dead), source)).isEmpty();
    assertThat(check(DeadLetterPolicy.suffix(".dlt"), source)).isEmpty();
    assertThat(check(DeadLetterPolicy.none(), source)).isEmpty();
  }

  @Test
  void shouldRefuseAMissingTopicAndSayHowToCreateIt() {
    String source = Topics.create(servers(), "orders", 3);
    Finding finding = one(DeadLetterPolicy.suffix(".dlt"), source);

    assertThat(finding.severity()).isEqualTo(Severity.UNSAFE);
    assertThat(finding.value()).isEqualTo(source + ".dlt");
    assertThat(finding.remedy()).contains("3 partitions").contains("createIfMissing()");
  }

  @Test
  void shouldCreateItWithAsManyPartitionsAsItsSourceAndNeverCompacted() throws Exception {
    String source = Topics.create(servers(), "orders", 3, Map.of("max.message.bytes", "2000000"));
    String other = Topics.create(servers(), "payments", 5);
    String dead = Topics.uniqueName("dead");

    assertThat(check(DeadLetterPolicy.suffix(".dlt").createIfMissing(), source)).isEmpty();
    assertThat(check(DeadLetterPolicy.toTopic(dead).createIfMissing(), source, other)).isEmpty();
    try (Admin admin = Clients.admin(servers())) {
      await()
          .untilAsserted(
              () -> assertThat(described(admin, source + ".dlt").partitions()).hasSize(3));
      await().untilAsserted(() -> assertThat(described(admin, dead).partitions()).hasSize(5));
      ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, source + ".dlt");
      var config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
      assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
      assertThat(config.get("max.message.bytes").value()).isEqualTo("2000000");
    }
    assertThat(check(DeadLetterPolicy.suffix(".dlt").createIfMissing(), source))
        .as("the next start")
        .isEmpty();
  }

  @Test
  void shouldCheckAndCreateTheTopicsOfExceptionsToo() {
    String source = Topics.create(servers(), "orders", 3);
    String dead = Topics.create(servers(), "dead", 1);
    String invalid = Topics.uniqueName("invalid");
    DeadLetterPolicy policy =
        DeadLetterPolicy.toTopic(dead).on(invalid, IllegalArgumentException.class);

    Finding missing = one(policy, source);
    assertThat(missing.severity()).isEqualTo(Severity.UNSAFE);
    assertThat(missing.value()).isEqualTo(invalid);
    assertThat(missing.remedy()).contains("3 partitions");
    assertThat(one(DeadLetterPolicy.toTopic(dead).on(source, Exception.class), source).rule())
        .contains("reads the topic itself");
    assertThat(check(policy.createIfMissing(), source)).isEmpty();
    await().untilAsserted(() -> assertThat(check(policy, source)).isEmpty());
  }

  private static TopicDescription described(Admin admin, String topic) throws Exception {
    return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
  }

  @Test
  void shouldCreateItEvenBeforeItsSourceExists() {
    String source = Topics.uniqueName("orders");

    assertThat(check(DeadLetterPolicy.suffix(".dlt").createIfMissing(), source)).isEmpty();
  }

  @Test
  void shouldSayWhatIsWrongWithATopic() {
    String source = Topics.create(servers(), "orders", 1);
    String compacted =
        Topics.create(servers(), "dead", 1, Map.of("cleanup.policy", "compact,delete"));
    String forgetful = Topics.create(servers(), "dead", 1, Map.of("retention.ms", "60000"));
    String small = Topics.create(servers(), "dead", 1, Map.of("max.message.bytes", "1000"));
    String mute = Topics.create(servers(), "dead", 1, Map.of("min.insync.replicas", "2"));

    assertThat(one(DeadLetterPolicy.toTopic(compacted), source).severity())
        .isEqualTo(Severity.UNSAFE);
    assertThat(one(DeadLetterPolicy.toTopic(mute), source).severity()).isEqualTo(Severity.WARNING);
    assertThat(one(DeadLetterPolicy.toTopic(forgetful), source).severity())
        .isEqualTo(Severity.WARNING);
    assertThat(one(DeadLetterPolicy.toTopic(small), source).severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void shouldCheckTheTopicsThatAPatternMatchesNow() {
    String source = Topics.create(servers(), "pattern", 1);
    Pattern mine = Pattern.compile(Pattern.quote(source));
    List<Finding> findings =
        check(DeadLetterPolicy.suffix(".dlt"), new Subscription(List.of(), mine));
    List<Finding> none =
        check(
            DeadLetterPolicy.suffix(".dlt"),
            new Subscription(List.of(), Pattern.compile("no-such-topic")));

    assertThat(findings).extracting(Finding::value).containsExactly(source + ".dlt");
    assertThat(none).extracting(Finding::severity).containsExactly(Severity.ADVICE);
    assertThat(one(DeadLetterPolicy.routed(letter -> "x"), source).severity())
        .isEqualTo(Severity.ADVICE);
  }

  @Test
  void shouldRefuseNamesThatCannotWork() {
    String source = Topics.create(servers(), "orders", 1);

    assertThat(one(DeadLetterPolicy.suffix("x".repeat(249)), source).severity())
        .isEqualTo(Severity.UNSAFE);
    assertThat(one(DeadLetterPolicy.toTopic(source), source).rule())
        .contains("reads the topic itself");
  }

  @Test
  void shouldReportNoAnswerAsSomethingToTryAgain() {
    long start = System.nanoTime();
    try (Admin admin = Clients.admin("127.0.0.1:1")) {
      assertThatThrownBy(
              () ->
                  DeadLetterTopicCheck.check(
                      admin,
                      DeadLetterPolicy.toTopic("dead"),
                      new Subscription(List.of("orders"), null),
                      Duration.ofSeconds(1)))
          .isInstanceOf(KafkaException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      admin.close(Duration.ZERO);
    }
  }
}
