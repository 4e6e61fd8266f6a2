package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG;

import io.github.safeconsumer.PollBudget;
import io.github.safeconsumer.Preflight.Finding;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Judges the Kafka settings of a hand-written loop: poll, handle each record, commit, poll again.
 * Brokers and group need not be named, since programs often add them; nor need the classes be there
 * that the settings name, since the check may run outside of the program.
 */
public final class LoopCheck {
  private static final Set<ConfigDef.Type> NUMBERS =
      Set.of(ConfigDef.Type.INT, ConfigDef.Type.LONG, ConfigDef.Type.SHORT);

  private LoopCheck() {}

  /**
   * What is found, the most severe first.
   *
   * @param latency of one record in the handler; a negative one is a finding
   */
  public static List<Finding> findings(Map<?, ?> settings, Duration latency) {
    return findings(settings, latency, ClientVersion.onClassPath());
  }

  static List<Finding> findings(
      Map<?, ?> settings, Duration latency, Optional<ClientVersion> client) {
    Findings findings = new Findings();
    Map<String, @Nullable Object> raw = resolvable(settings, findings);
    KafkaProperties kafka = properties(raw, findings);
    GroupRules group = new GroupRules(kafka, findings);
    group.check(client);
    if (!findings.hasUnsafe()) {
      ClientOpinion.ask(completed(kafka, raw.keySet()), findings);
    }
    boolean consumerProtocol = group.consumerProtocol();
    Duration heartbeat = kafka.millis(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
    new TimingRules(kafka, findings).checkClient(consumerProtocol, heartbeat);
    new MemberAdvice(kafka, findings).give(consumerProtocol);
    if (latency.isNegative()) {
      findings.unsafe(
          "latency",
          latency.toString(),
          "must not be negative",
          "give the time that the handler takes for one record");
    } else {
      Duration interval = kafka.millis(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
      new LoopRules(kafka, PollBudget.of(interval, latency), findings)
          .check(consumerProtocol ? Duration.ZERO : heartbeat);
    }
    return findings.all();
  }

  private static KafkaProperties properties(Map<String, @Nullable Object> raw, Findings findings) {
    return new KafkaProperties(
        ConsumerConfig.configDef(), raw, "", false, keysOf(ConfigDef.Type.CLASS), findings);
  }

  /** Without values that only a config provider knows; numbers among them are named. */
  private static Map<String, @Nullable Object> resolvable(Map<?, ?> settings, Findings findings) {
    Map<String, @Nullable Object> raw = new HashMap<>();
    settings.forEach((key, value) -> raw.put(String.valueOf(key), value));
    if (raw.containsKey(PropertyCheck.CONFIG_PROVIDERS)) {
      raw.entrySet()
          .removeIf(
              setting ->
                  setting.getValue() instanceof String text
                      && text.contains("${")
                      && isLeftToAProvider(setting.getKey(), findings));
    }
    return raw;
  }

  private static boolean isLeftToAProvider(String key, Findings findings) {
    ConfigDef.ConfigKey known = ConsumerConfig.configDef().configKeys().get(key);
    if (known != null && NUMBERS.contains(known.type)) {
      findings.advice(
          key,
          Shown.HIDDEN,
          "only a config provider knows it: judged as Kafka's default, " + known.defaultValue,
          "check again with the value itself");
    }
    return true;
  }

  /** With what the client asks for and this check does not. */
  private static Map<String, Object> completed(KafkaProperties kafka, Set<String> named) {
    Map<String, Object> settings = kafka.forClient();
    settings.keySet().removeAll(keysOf(ConfigDef.Type.CLASS));
    settings.keySet().removeIf(key -> !ConsumerConfig.configNames().contains(key));
    settings.putIfAbsent(BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
    settings.putIfAbsent(ConsumerConfig.GROUP_ID_CONFIG, "unknown");
    settings.put(KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    if (named.contains(PropertyCheck.CONFIG_PROVIDERS)) {
      settings.put(PropertyCheck.CONFIG_PROVIDERS, ""); // nothing is asked then
    }
    return settings;
  }

  private static Set<String> keysOf(ConfigDef.Type type) {
    return ConsumerConfig.configDef().configKeys().values().stream()
        .filter(key -> key.type == type)
        .map(key -> key.name)
        .collect(Collectors.toSet());
  }
}
