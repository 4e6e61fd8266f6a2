package io.github.safeconsumer.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScenariosTest {
  private static final List<Scenario> ALL = new Scenarios(Sizes.full()).all();

  @Test
  void shouldNameOnlySubjectsThatExist() {
    assertThat(ALL)
        .flatExtracting(Scenario::subjects)
        .allSatisfy(name -> assertThat(Subjects.find(name)).isPresent());
  }

  @Test
  void shouldRunWhatEveryVariantIsHeldAgainst() {
    for (Scenario scenario : ALL) {
      Set<String> names =
          scenario.variants().stream().map(Variant::name).collect(Collectors.toSet());
      assertThat(names).hasSameSizeAs(scenario.variants());
      for (Variant variant : scenario.variants()) {
        assertThat(variant.against().isEmpty() || names.contains(variant.against())).isTrue();
        if (!variant.isLive()) {
          assertThat(scenario.subjects()).as(scenario.name()).contains(variant.base());
        }
      }
    }
  }

  @Test
  void shouldShareATopicOnlyWhenItsRecordsAreTheSame() {
    List<TopicPlan> plans =
        ALL.stream()
            .flatMap(scenario -> scenario.variants().stream())
            .map(Variant::topic)
            .distinct()
            .toList();

    assertThat(plans).extracting(TopicPlan::name).doesNotHaveDuplicates();
  }

  @Test
  void shouldSpreadAllRecordsWhenTheyDoNotDivideEvenly() {
    TopicPlan plan = new TopicPlan(8, 1_003, 100, 10);

    List<Long> shares =
        IntStream.range(0, 8).mapToObj(partition -> Topics.recordsOf(plan, partition)).toList();

    assertThat(shares).containsExactly(126L, 126L, 126L, 125L, 125L, 125L, 125L, 125L);
  }

  @Test
  void shouldKnowWhoCannotHandleSoManyAtOnce() {
    Variant variant =
        ALL.stream()
            .filter(scenario -> scenario.name().equals("blocking-64"))
            .findFirst()
            .orElseThrow()
            .variants()
            .get(1);

    assertThat(Subjects.find("bare").orElseThrow().atOnce(variant)).isEqualTo(1);
    assertThat(Subjects.find("spring").orElseThrow().atOnce(variant)).isEqualTo(8);
    assertThat(Subjects.find("safe-key").orElseThrow().atOnce(variant)).isEqualTo(64);
    assertThat(variant.limitPerSecond()).isEqualTo(32_000);
  }
}
