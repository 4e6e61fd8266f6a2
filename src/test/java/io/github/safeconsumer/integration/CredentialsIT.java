package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.CapturedLog;
import io.github.safeconsumer.support.Certificates;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SecureKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A member that the broker does not let in, or that does not trust the broker. */
class CredentialsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SECRET = "open-sesame-4711";

  /** What is wrong, and the exception that says so. */
  enum Wrong {
    PASSWORD("SaslAuthenticationException") {
      @Override
      Map<String, Object> settings(SecureKafka kafka) {
        String user = Topics.uniqueName("user");
        kafka.addUser(user, "another-password");
        return kafka.scram(user, SECRET);
      }
    },
    USER("SaslAuthenticationException") {
      @Override
      Map<String, Object> settings(SecureKafka kafka) {
        return kafka.scram("nobody", SECRET);
      }
    },
    EXPIRED_CERTIFICATE("SslAuthenticationException") {
      @Override
      Map<String, Object> settings(SecureKafka kafka) {
        return kafka.certificate(SecureKafka.EXPIRED);
      }
    },
    UNKNOWN_CERTIFICATE("SslAuthenticationException") {
      @Override
      Map<String, Object> settings(SecureKafka kafka) {
        return kafka.certificate(SecureKafka.STRANGER);
      }
    },
    BROKER_NOT_TRUSTED("SslAuthenticationException") {
      @Override
      Map<String, Object> settings(SecureKafka kafka) {
        Map<String, Object> settings = kafka.certificate(SecureKafka.MEMBER);
        settings.put("ssl.truststore.location", kafka.foreignTrustStore().toString());
        return settings;
      }
    };

    private final String exception;

    Wrong(String exception) {
      this.exception = exception;
    }

    abstract Map<String, Object> settings(SecureKafka kafka);
  }

  @ParameterizedTest(name = "{0}, group.protocol={1}, {2}")
  @MethodSource("everyWayToBeWrong")
  void shouldWaitLoudlyAndTellNoSecret(Wrong wrong, String protocol, DeadLetterPolicy policy) {
    List<SafeConsumerEvent> events = new CopyOnWriteArrayList<>();
    try (CapturedLog log = new CapturedLog();
        SafeConsumer<String, String> consumer =
            Consumers.strings("unused:1", "group", "orders", Journal.noOp())
                .kafka(wrong.settings(SecureKafka.get()))
                .kafka("group.protocol", protocol)
                .deadLetter(policy)
                .listener(events::add)
                .build()) {
      CompletableFuture<?> start = consumer.start();
      String reason =
          "not authorized (org.apache.kafka.common.errors.%s), tried again every 60 s"
              .formatted(wrong.exception);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(consumer.health().reasons())
                      .as(log::toString)
                      .anyMatch(line -> line.contains(reason)));

      Health health = consumer.health();
      assertThat(health.liveness()).as("a restart would not help").isEqualTo(Health.Level.UP);
      assertThat(health.readiness()).isEqualTo(Health.Level.DOWN);
      assertThat(start).isNotDone();
      assertThat(log.warnings()).anyMatch(line -> line.contains(wrong.exception));
      assertThat(consumer.close(Duration.ofSeconds(10)).state()).isEqualTo(State.CLOSED);
      assertThat(List.of(log, health, consumer.status().toJson(), events))
          .extracting(Object::toString)
          .noneMatch(text -> text.contains(SECRET) || text.contains(Certificates.PASSWORD));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module required username=\"orders\" password=\"" + SECRET + "\"",
        "module required username=\"orders\" password " + SECRET + ";",
        "module \"" + SECRET + "\";",
        "module required password=\"" + SECRET + "\""
      })
  void shouldTellNoSecretOfAMalformedLogin(String login) {
    List<SafeConsumerEvent> events = new CopyOnWriteArrayList<>();
    Map<String, Object> settings = SecureKafka.get().scram("orders", "unused");
    settings.put(
        "sasl.jaas.config",
        login.replace("module", "org.apache.kafka.common.security.scram.ScramLoginModule"));
    try (CapturedLog log = new CapturedLog();
        SafeConsumer<String, String> consumer =
            Consumers.strings("unused:1", "group", "orders", Journal.noOp())
                .kafka(settings)
                .listener(events::add)
                .build()) {
      CompletableFuture<Outcome> start = consumer.start();
      await().atMost(SOON).until(() -> start.isDone() || consumer.status().failure().isPresent());
      assertThat(consumer.health().readiness()).isEqualTo(Health.Level.DOWN);
      consumer.close(Duration.ofSeconds(10));
      assertThat(List.of(log, consumer.health(), consumer.status().toJson(), events))
          .extracting(Object::toString)
          .noneMatch(text -> text.contains(SECRET));
    } catch (ConfigurationException refused) {
      assertThat(refused.getMessage()).contains("sasl.jaas.config").doesNotContain(SECRET);
    }
  }

  static Stream<Arguments> everyWayToBeWrong() {
    return Arrays.stream(Wrong.values())
        .flatMap(
            wrong ->
                Stream.concat(
                    GroupProtocol.names().stream()
                        .map(protocol -> Arguments.of(wrong, protocol, DeadLetterPolicy.none())),
                    // Here the check of the topic is the first to knock.
                    Stream.of(Arguments.of(wrong, "classic", DeadLetterPolicy.suffix(".dlt")))));
  }
}
