package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.internal.deadletter.RealSink.Told;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a locked-down cluster: a user who may do next to nothing. */
class DeadLetterPermissionsIT {
  private static final String MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required ";
  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    kafka =
        LocalKafka.builder()
            .listener("SECURE", "SASL_PLAINTEXT")
            .brokerProperty(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .brokerProperty("super.users", "User:ANONYMOUS")
            .brokerProperty("listener.name.secure.sasl.enabled.mechanisms", "PLAIN")
            .brokerProperty(
                "listener.name.secure.plain.sasl.jaas.config",
                MODULE + "user_bob=\"bobs-password\";")
            .start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static Map<String, Object> bob(String password) {
    return Map.of(
        "bootstrap.servers",
        kafka.bootstrapServers("SECURE"),
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        MODULE + "username=\"bob\" password=\"" + password + "\";");
  }

  private static List<Finding> check(DeadLetterPolicy policy) {
    try (Admin admin =
        Admin.create(
            DeadLetterProducerSettings.admin(RealSink.kafka(bob("bobs-password")), policy))) {
      return DeadLetterTopicCheck.check(
          admin, policy, new Subscription(List.of("orders"), null), Duration.ofSeconds(30));
    }
  }

  private static void allow(String topic, AclOperation... operations) throws Exception {
    ResourcePattern pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
    try (Admin admin = Clients.admin(kafka.bootstrapServers())) {
      for (AclOperation operation : operations) {
        admin
            .createAcls(
                List.of(
                    new AclBinding(
                        pattern,
                        new AccessControlEntry(
                            "User:bob", "*", operation, AclPermissionType.ALLOW))))
            .all()
            .get();
      }
    }
  }

  private static String topic() {
    return Topics.create(kafka.bootstrapServers(), "dead", 1);
  }

  @Test
  void shouldWarnAndGoOnWhereItMayNotLook() {
    assertThat(check(DeadLetterPolicy.toTopic(topic())))
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);
  }

  @Test
  void shouldWarnWhereItMayLookButNotWrite() throws Exception {
    String topic = topic();
    allow(topic, AclOperation.DESCRIBE);

    await()
        .untilAsserted(
            () ->
                assertThat(check(DeadLetterPolicy.toTopic(topic)))
                    .extracting(Finding::remedy)
                    .anyMatch(remedy -> remedy.contains("WRITE"))
                    .anyMatch(remedy -> remedy.contains("DESCRIBE_CONFIGS")));
  }

  @Test
  void shouldFindNothingMissingWithTheMinimalPermissions() throws Exception {
    String topic = topic();
    allow(topic, AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);
    DeadLetterPolicy policy = DeadLetterPolicy.toTopic(topic);

    await().untilAsserted(() -> assertThat(check(policy)).isEmpty());
    try (RealSink real = new RealSink(bob("bobs-password"), policy)) {
      Told told = real.send(Letters.letter(1));
      await().atMost(Duration.ofSeconds(30)).until(told::isAcknowledged);
    }
  }

  @Test
  void shouldRefuseATopicThatItMayNotCreate() throws Exception {
    String topic = Topics.uniqueName("dead");
    DeadLetterPolicy policy = DeadLetterPolicy.toTopic(topic).createIfMissing();
    assertThat(check(policy))
        .as("without DESCRIBE the broker does not even say that it is missing")
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);

    allow(topic, AclOperation.DESCRIBE);
    await()
        .untilAsserted(
            () ->
                assertThat(check(policy))
                    .extracting(Finding::severity)
                    .containsExactly(Severity.UNSAFE));
  }

  @Test
  void shouldKeepALetterThatItMayNotWriteOrWhosePasswordIsWrong() {
    DeadLetterPolicy policy = DeadLetterPolicy.toTopic(topic());
    try (RealSink forbidden = new RealSink(bob("bobs-password"), policy);
        RealSink unknown = new RealSink(bob("wrong"), policy)) {
      Told one = forbidden.send(Letters.letter(1));
      Told two = unknown.send(Letters.letter(2));

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> one.all.contains("failed TopicAuthorizationException"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> two.all.contains("failed SaslAuthenticationException"));
      assertThat(forbidden.sink.failing()).isTrue();
      assertThat(one.sending.cancel()).isTrue();
      assertThat(forbidden.sink.failing()).isFalse();
    }
  }
}
