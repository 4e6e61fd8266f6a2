package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Puts a cause together: words and the numbers behind them. */
public final class CauseBuilder {
  private final String code;
  private final StringBuilder evidence = new StringBuilder();
  private final Map<String, Object> numbers = new LinkedHashMap<>();

  public CauseBuilder(String code) {
    this.code = code;
  }

  public CauseBuilder says(String words) {
    evidence.append(words);
    return this;
  }

  /** " since 12:00:05 (3 min)", and the number; nothing where it is not known. */
  public CauseBuilder since(Optional<Instant> since, Instant now) {
    since.ifPresent(
        at -> {
          Duration time = Duration.between(at, now);
          says(" since " + at.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
          says(" (" + Words.time(time.isNegative() ? Duration.ZERO : time) + ")");
          number("sinceMs", Math.max(0, time.toMillis()));
        });
    return this;
  }

  public CauseBuilder place(TopicPartition partition, long offset) {
    says(partition + "@" + offset);
    numbers.put("topic", partition.topic());
    numbers.put("partition", partition.partition());
    return number("offset", offset);
  }

  public CauseBuilder number(String name, Object value) {
    numbers.put(name, value);
    return this;
  }

  public CauseBuilder millis(String name, Duration value) {
    return number(name + "Ms", value.toMillis());
  }

  public Cause remedy(String remedy) {
    return new Cause(code, evidence.toString(), remedy, numbers);
  }
}
