package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hand-over ends inside the window of its rebalance. */
class DrainRuleTest {
  private static final Pattern INTERVAL = Pattern.compile("max\\.poll\\.interval\\.ms >= (\\d+)");

  @ParameterizedTest
  @CsvSource({
    "classic, 6000, , PT3S, PT0.6S",
    "classic, 30000, , PT15S, PT3S",
    "classic, 60000, , PT30S, PT3S",
    "classic, 300000, , PT30S, PT3S",
    "classic, 6000, 2000, PT2.3S, PT2S",
    "consumer, 6000, , PT3S, PT5S",
    "consumer, 3000, , PT1.5S, PT5S"
  })
  void shouldDrainByDefaultForWhatTheHandOverLeaves(
      String protocol, int interval, Integer heartbeat, Duration drain, Duration effective) {
    Settings<String, String> settings = Given.settings(with(protocol, interval, heartbeat));

    assertThat(settings.drainTimeout()).isEqualTo(drain);
    assertThat(settings.kafka().heartbeatInterval()).isEqualTo(effective);
    assertThat(settings.advice()).isEmpty();
  }

  @Test
  void shouldGiveTheClientTheHeartbeatThatItReckonsWith() {
    KafkaSettings chosen = Given.withProperty("max.poll.interval.ms", 6_000).kafka();
    KafkaSettings byTheSession = Given.withProperty("session.timeout.ms", 7_500).kafka();
    KafkaSettings given = Given.withProperty("heartbeat.interval.ms", "1234").kafka();
    KafkaSettings consumer = Given.settings(with("consumer", 6_000, null)).kafka();

    assertThat(chosen.consumer()).containsEntry("heartbeat.interval.ms", 600);
    assertThat(chosen.user()).doesNotContainKey("heartbeat.interval.ms");
    assertThat(byTheSession.consumer()).containsEntry("heartbeat.interval.ms", 2_500);
    assertThat(given.consumer()).containsEntry("heartbeat.interval.ms", 1_234);
    assertThat(consumer.consumer()).doesNotContainKey("heartbeat.interval.ms");
  }

  @Test
  void shouldWriteTheSumWithTheHeartbeatOnlyWhereTheBrokersClockRunsMeanwhile() {
    assertThat(rule("classic"))
        .startsWith("heartbeat 600 ms + 0.1 s + drain 5 s + commit 1 s = 6.7 s");
    assertThat(rule("consumer"))
        .startsWith("0.1 s + drain 5 s + commit 1 s = 6.1 s, over 0.9 x 6 s");
  }

  private static String rule(String protocol) {
    return Given.unsafe(
            with(protocol, 6_000, null).andThen(raw -> raw.drainTimeout = Duration.ofSeconds(5)))
        .get(0)
        .rule();
  }

  @Test
  void shouldSayWhereARareHeartbeatLeavesNoTimeToHandOver() {
    List<Finding> little = Given.findings(with("classic", 6_000, 3_500));
    List<Finding> none = Given.findings(with("classic", 6_000, 5_000));

    assertThat(little).singleElement().extracting(Finding::severity).isEqualTo(Severity.WARNING);
    assertThat(little.get(0).rule()).contains("leave a rebalance 800 ms for running attempts");
    assertThat(none).singleElement().extracting(Finding::severity).isEqualTo(Severity.UNSAFE);
    assertThat(none.get(0).rule()).startsWith("heartbeat 5 s + 0.1 s + commit 1 s = 6.1 s, over");
    assertThat(none.get(0).remedy()).contains("heartbeat.interval.ms <= 600");
  }

  @Test
  void shouldOnlyWarnOfTimesThatDoNotFitWhereTheCallerWantsThat() {
    List<Finding> findings =
        Given.findings(
            with("classic", 6_000, null)
                .andThen(
                    raw -> {
                      raw.drainTimeout = Duration.ofSeconds(5);
                      raw.preflight = Preflight.Mode.WARN_ONLY;
                    }));

    assertThat(findings).singleElement().extracting(Finding::severity).isEqualTo(Severity.WARNING);
  }

  /** What fits is accepted, a millisecond more is not, and each remedy works. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldHoldTheRelationToTheMillisecondAndGiveRemediesThatWork(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      String protocol = random.nextBoolean() ? "classic" : "consumer";
      int interval = 3_000 + random.nextInt(1 << (12 + random.nextInt(8)));
      Integer heartbeat =
          protocol.equals("consumer") || random.nextBoolean() ? null : 1 + random.nextInt(3_000);
      Consumer<RawSettings<String, String>> change = with(protocol, interval, heartbeat);
      String where =
          "seed " + seed + " run " + run + ": " + protocol + " " + interval + " " + heartbeat;
      long known =
          protocol.equals("consumer")
              ? 0
              : heartbeat == null ? Math.min(3_000, interval / 10) : heartbeat;
      // In tenths of a millisecond, by hand.
      long left = 9L * interval - 10 * (known + 100 + Math.min(5_000, interval / 6));
      if (left < 0) {
        continue;
      }
      Duration longest = Duration.ofNanos(left * 100_000);

      assertThat(unsafe(change, longest)).as(where).isEmpty();
      List<Finding> over = unsafe(change, longest.plusMillis(1));
      assertThat(over).as(where).hasSize(1);
      assertThat(over.get(0).remedy()).as(where).contains("drainTimeout <= " + Human.text(longest));
      Matcher remedy = INTERVAL.matcher(over.get(0).remedy());
      assertThat(remedy.find()).as(where).isTrue();
      assertThat(
              unsafe(
                  with(protocol, Integer.parseInt(remedy.group(1)), heartbeat),
                  longest.plusMillis(1)))
          .as(where)
          .isEmpty();
    }
  }

  private static List<Finding> unsafe(
      Consumer<RawSettings<String, String>> change, Duration drain) {
    return Given.unsafe(change.andThen(raw -> raw.drainTimeout = drain));
  }

  private static Consumer<RawSettings<String, String>> with(
      String protocol, int interval, Integer heartbeat) {
    return raw -> {
      raw.kafka.put("group.protocol", protocol);
      raw.kafka.put("max.poll.interval.ms", interval);
      if (heartbeat != null) {
        raw.kafka.put("heartbeat.interval.ms", heartbeat);
      }
    };
  }
}
