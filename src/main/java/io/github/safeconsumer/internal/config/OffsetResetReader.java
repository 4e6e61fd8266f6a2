package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;

import io.github.safeconsumer.internal.config.OffsetReset.Kind;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Reads {@code auto.offset.reset}. */
final class OffsetResetReader {
  private static final String BY_DURATION = "by_duration:";

  private final KafkaProperties kafka;
  private final Findings findings;

  OffsetResetReader(KafkaProperties kafka, Findings findings) {
    this.kafka = kafka;
    this.findings = findings;
  }

  OffsetReset read() {
    if (!kafka.has(AUTO_OFFSET_RESET_CONFIG)) {
      findings.warning(
          AUTO_OFFSET_RESET_CONFIG,
          Findings.UNSET,
          "earliest is used for a partition without a committed offset; Kafka's own default, latest, silently skips what is there",
          "set it to what you mean: earliest, latest or none");
      return new OffsetReset(Kind.EARLIEST, Duration.ZERO, false);
    }
    String policy =
        kafka.usable(AUTO_OFFSET_RESET_CONFIG)
            ? kafka.text(AUTO_OFFSET_RESET_CONFIG).toLowerCase(Locale.ROOT)
            : "";
    return switch (policy) {
      case "latest" -> declared(Kind.LATEST, Duration.ZERO);
      case "none" -> declared(Kind.NONE, Duration.ZERO);
      default ->
          policy.startsWith(BY_DURATION)
              ? declared(Kind.BY_DURATION, back(policy))
              : declared(Kind.EARLIEST, Duration.ZERO);
    };
  }

  private static OffsetReset declared(Kind kind, Duration back) {
    return new OffsetReset(kind, back, true);
  }

  private Duration back(String policy) {
    try {
      Duration back = Duration.parse(policy.substring(BY_DURATION.length()));
      if (!back.isNegative()) {
        return back;
      }
    } catch (DateTimeParseException invalid) {
      // refused below, as a negative one is
    }
    findings.unsafe(
        AUTO_OFFSET_RESET_CONFIG,
        kafka.shown(AUTO_OFFSET_RESET_CONFIG),
        "by_duration: wants an ISO-8601 duration that is not negative",
        "write by_duration:PT24H, for example");
    return Duration.ZERO;
  }
}
