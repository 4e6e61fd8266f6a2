package io.github.safeconsumer.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.examples.bench.ScenarioResult.Failure;
import io.github.safeconsumer.examples.bench.ScenarioResult.Run;
import io.github.safeconsumer.examples.bench.ScenarioResult.Skip;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ScenarioResultTest {
  private static final Variant SMALL = Variant.of("1x", new TopicPlan(8, 100, 100, 10), 2);
  private static final Variant LARGE =
      Variant.of("4x", new TopicPlan(8, 400, 100, 40), 2).against("1x");

  private final ScenarioResult result =
      ScenarioResult.begin(
          new Scenario("growth", "more & more", List.of(SMALL, LARGE), List.of()),
          List.of("bare", "safe-key", "spring"));

  private void ran(String variant, String subject, int round, double rate) {
    Figures figures =
        new Figures(Map.of(Metric.RECORDS_PER_SECOND, rate, Metric.CPU_SECONDS_PER_MILLION, 1.0));
    result.runs().add(new Run(variant, subject, round, figures));
  }

  @Test
  void shouldTakeRatiosWithinARoundWhenRoundsDifferMuch() {
    ran("1x", "bare", 1, 1_000);
    ran("1x", "safe-key", 1, 900);
    ran("1x", "safe-key", 2, 90);
    ran("1x", "bare", 2, 100);

    Estimate ratio = result.ratio("1x", "safe-key", "bare", Metric.RECORDS_PER_SECOND);

    assertThat(ratio)
        .extracting(Estimate::low, Estimate::median, Estimate::high)
        .containsExactly(0.9, 0.9, 0.9);
  }

  @Test
  void shouldLeaveARoundOutWhenItsBaseHasFailed() {
    ran("1x", "bare", 1, 1_000);
    ran("1x", "safe-key", 1, 500);
    ran("1x", "safe-key", 2, 900);

    Estimate ratio = result.ratio("1x", "safe-key", "bare", Metric.RECORDS_PER_SECOND);

    assertThat(ratio.rounds()).isEqualTo(1);
    assertThat(ratio.median()).isEqualTo(0.5);
  }

  @Test
  void shouldHoldASubjectAgainstItselfWhenItGrows() {
    ran("1x", "safe-key", 1, 1_000);
    ran("4x", "safe-key", 1, 800);
    ran("1x", "bare", 1, 5_000);

    assertThat(result.growth("4x", "1x", "safe-key", Metric.RECORDS_PER_SECOND).median())
        .isEqualTo(0.8);
  }

  @Test
  void shouldSayWhoFailedAndWhoWasNotRunWhenItReports() {
    ran("1x", "bare", 1, 1_000);
    result.failures().add(new Failure("1x", "safe-key", 2, "safe-key failed: why\nits log"));
    result.skips().add(new Skip("1x", "spring", "NOT BUILT: no class path"));

    String table = new Report(result).tables().get(0).text();

    assertThat(table)
        .contains("FAILED: safe-key in round 2: safe-key failed: why")
        .containsPattern("safe-key +FAILED, no figures")
        .containsPattern("spring +NOT BUILT: no class path")
        .containsPattern("bare +1,000 +1 ");
  }

  @Test
  void shouldShowWhatWasMeasuredBeforeAFailure() {
    ran("1x", "bare", 1, 1_000);
    ran("1x", "safe-key", 1, 700);
    result.failures().add(new Failure("1x", "safe-key", 2, "safe-key failed"));

    assertThat(new Report(result).tables().get(0).text())
        .containsPattern("safe-key +700 +0.70")
        .contains("FAILED: safe-key in round 2");
  }

  @Test
  void shouldDrawWellFormedXmlWhenNamesHoldMarkup() throws Exception {
    ran("1x", "bare", 1, 1_000);
    ran("1x", "safe-key", 1, 700);

    String svg = new Plot(result).svg();

    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(document.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("growth: more & more");
    assertThat(svg).contains("0.70 [0.70, 0.70]").contains("no figures");
  }
}
