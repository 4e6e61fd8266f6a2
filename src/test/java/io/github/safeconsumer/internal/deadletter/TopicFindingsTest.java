package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import io.github.safeconsumer.internal.deadletter.TopicFindings.Facts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicFindingsTest {
  private static final Map<String, String> GOOD =
      Map.of(
          "cleanup.policy",
          "delete",
          "retention.ms",
          "604800000",
          "max.message.bytes",
          "1048588",
          "min.insync.replicas",
          "1");

  @Test
  void shouldFindNothingWrongWithAnOrdinaryTopic() {
    assertThat(TopicFindings.of(facts(Map.of()))).isEmpty();
    assertThat(TopicFindings.of(facts(Map.of("retention.ms", "-1")))).as("kept for ever").isEmpty();
  }

  @Test
  void shouldRefuseACompactedTopic() {
    assertThat(one(Map.of("cleanup.policy", "compact")).severity()).isEqualTo(Severity.UNSAFE);
    assertThat(one(Map.of("cleanup.policy", "compact,delete")).remedy())
        .contains("cleanup.policy=delete on topic dead");
  }

  @Test
  void shouldWarnOfATopicThatOlderBrokersNeverAcknowledge() {
    Finding finding = one(Map.of("min.insync.replicas", "2"));

    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding.rule()).contains("min.insync.replicas=2 with 1 replica(s)");
  }

  @Test
  void shouldWarnOfAShortRetention() {
    assertThat(one(Map.of("retention.ms", "3600000")).severity()).isEqualTo(Severity.WARNING);
    assertThat(TopicFindings.of(facts(Map.of("retention.ms", "86400000")))).isEmpty();
  }

  @Test
  void shouldWarnOfASizeLimitBelowTheSources() {
    Finding finding = one(Map.of("max.message.bytes", "500000"));

    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding.rule()).contains("500000").contains("1048588");
    Map<String, String> small = new HashMap<>(GOOD);
    small.put("max.message.bytes", "500000");
    assertThat(TopicFindings.of(new Facts("dead", 1, true, small, Optional.empty())))
        .as("the source's limit is not known")
        .isEmpty();
  }

  @Test
  void shouldWarnAndGoOnWhereItMayNotLook() {
    List<Finding> findings =
        TopicFindings.of(new Facts("dead", 1, false, Map.of(), Optional.empty()));

    assertThat(findings)
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING, Severity.WARNING);
    assertThat(findings)
        .extracting(Finding::remedy)
        .anyMatch(r -> r.contains("WRITE"))
        .anyMatch(r -> r.contains("DESCRIBE_CONFIGS"));
  }

  @Test
  void shouldNotBeConfusedByAValueThatIsNoNumber() {
    assertThat(
            TopicFindings.of(
                facts(
                    Map.of(
                        "retention.ms",
                        "soon",
                        "max.message.bytes",
                        "",
                        "min.insync.replicas",
                        "few"))))
        .isEmpty();
  }

  private static Finding one(Map<String, String> changed) {
    List<Finding> findings = TopicFindings.of(facts(changed));
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).setting()).isEqualTo("deadLetter");
    assertThat(findings.get(0).value()).isEqualTo("dead");
    return findings.get(0);
  }

  private static Facts facts(Map<String, String> changed) {
    Map<String, String> config = new HashMap<>(GOOD);
    config.putAll(changed);
    return new Facts("dead", 1, true, config, Optional.of(1_048_588L));
  }
}
