package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.DeadLetterPolicy;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretsTest {
  private static final String SECRET = "hunter2-very-secret";

  static Stream<String> secretKeys() {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "sasl.jaas.config",
                "sasl.jaas.confg",
                "ssl.keystore.password",
                "ssl.keystore.pasword",
                "ssl.key.password",
                "ssl.truststore.password",
                "ssl.keystore.key",
                "basic.auth.user.info",
                "schema.registry.basic.auth.user.info",
                "sasl.oauthbearer.client.credentials.client.secret",
                "bearer.auth.token",
                "my.api.key"));
    ConsumerConfig.configDef().configKeys().values().stream()
        .filter(key -> key.type == ConfigDef.Type.PASSWORD)
        .forEach(key -> keys.add(key.name));
    return keys.stream().distinct();
  }

  @ParameterizedTest
  @MethodSource("secretKeys")
  void shouldNeverShowASecretWhateverItsTypeAndWhateverElseIsWrong(String key) {
    for (Object value :
        List.of(
            SECRET,
            new Password(SECRET),
            List.of(SECRET),
            CharBuffer.wrap(SECRET),
            Map.of("x", SECRET))) {
      Throwable refused =
          catchThrowable(() -> SettingsFactory.create(broken(key, value), Given.CLIENT));

      assertThat(refused)
          .as("%s as %s", key, value.getClass())
          .isInstanceOf(ConfigurationException.class);
      for (Throwable link = refused; link != null; link = link.getCause()) {
        assertThat(link.toString()).as("%s as %s", key, value.getClass()).doesNotContain("hunter2");
      }
      assertThat(refused.getSuppressed()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("secretKeys")
  void shouldNeverShowASecretInSettingsOrAdvice(String key) {
    Settings<String, String> settings = Given.withProperty(key, SECRET);

    assertThat(settings.toString()).doesNotContain("hunter2");
    assertThat(settings.advice().toString()).doesNotContain("hunter2");
    assertThat(settings.kafka().consumer()).containsEntry(key, SECRET);
  }

  @Test
  void shouldNeverShowThePasswordInAnAddress() {
    String message =
        Given.unsafe(
                raw ->
                    raw.kafka.put(
                        "bootstrap.servers",
                        List.of(
                            "https://me:hunter2@host",
                            "me:hunter2@host:9092",
                            "hunter2@host:x:y@z")))
            .toString();

    assertThat(message).contains("[hidden]@").doesNotContain("hunter2");
  }

  @Test
  void shouldNeverShowTheStateOfAnObject() {
    StringDeserializer talkative =
        new StringDeserializer() {
          @Override
          public String toString() {
            return SECRET;
          }
        };

    String message = Given.unsafe(raw -> raw.kafka.put("key.deserializer", talkative)).toString();

    assertThat(message).doesNotContain("hunter2");
  }

  @Test
  void shouldNeverShowASecretOfTheDeadLetterProducer() {
    String message =
        Given.unsafe(
                raw ->
                    raw.deadLetter =
                        DeadLetterPolicy.toTopic("x")
                            .producer(
                                Map.of(
                                    "ssl.key.password",
                                    List.of(SECRET),
                                    "ssl.keystore.pasword",
                                    SECRET)))
            .toString();

    assertThat(message).contains("ssl.key.password").doesNotContain("hunter2");
  }

  @Test
  void shouldNotRepeatASecretThatTheClientQuotes() {
    RawSettings<String, String> raw = Given.complete();
    raw.kafka.put("security.protocol", "SASL_PLAINTEXT");
    raw.kafka.put("sasl.mechanism", "");
    raw.kafka.put("my.api.key", "mechanism");

    String message = Given.findings(raw, Given.CLIENT).toString();

    assertThat(message).contains("the Kafka client refuses the combination: [hidden]");
  }

  private static RawSettings<String, String> broken(String key, Object value) {
    RawSettings<String, String> raw = Given.complete();
    raw.kafka.put(key, value);
    raw.kafka.put("enable.auto.commit", true);
    raw.concurrency = -1;
    return raw;
  }
}
