package io.github.safeconsumer.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.examples.demo.report.Fact;
import io.github.safeconsumer.examples.demo.report.Figure;
import io.github.safeconsumer.examples.demo.report.Promise;
import io.github.safeconsumer.examples.demo.report.RunReport;
import io.github.safeconsumer.examples.demo.report.Series;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
  private static final Check KEPT = new Check("nothing lost", true, "10 of 10");
  private static final Check BROKEN = new Check("nothing twice", false, "3 orders");

  private final Timeline timeline = new Timeline(System::nanoTime);
  private final ReportFile file =
      new ReportFile(timeline, List.of(new Fact("Kafka broker", "1.2.3")));

  @TempDir private Path directory;

  private static Standing standing(String group, long lag, long handled, long duplicates) {
    return new Standing(
        group,
        List.of(lag, 0L),
        handled,
        5,
        duplicates == 0 ? 0 : 7,
        duplicates,
        0,
        duplicates == 0 ? OptionalLong.of(4) : OptionalLong.empty(),
        Duration.ofSeconds(31),
        "");
  }

  private RunReport report(long lagOfNaive, boolean kept, List<Check> checks) {
    return file.report(
        List.of(standing("naive loop", lagOfNaive, 6, 1_200), standing("SafeConsumer", 0, 10, 0)),
        kept,
        checks,
        List.of("partition 0 stands"),
        10);
  }

  @Test
  void shouldSayTheResultInWordsAndTheNumbersOfThisRun() {
    RunReport report = report(6_193, true, List.of(KEPT));

    assertThat(report.headline())
        .isEqualTo("SafeConsumer was done after 31 s; the naive loop stood 6,193 records behind");
    assertThat(report.summary())
        .containsExactly(
            "SafeConsumer fulfilled 10 of 10 good orders, none of them twice, put 4 bad records"
                + " into the dead-letter topic, and went through no rebalance.",
            "The naive loop fulfilled 6 of 10, did again 1,200 times what was done already, and"
                + " went through 7 rebalances in 31 s.");
  }

  @Test
  void shouldNameTheBrokenPromises() {
    RunReport report = report(0, false, List.of(KEPT, BROKEN));

    assertThat(report.kept()).isFalse();
    assertThat(report.headline())
        .isEqualTo("SafeConsumer broke a promise; the naive loop got to the end, too");
    assertThat(report.summary().get(0)).endsWith("Broken: nothing twice.");
    assertThat(report.promises())
        .containsExactly(
            new Promise("nothing lost", true, "10 of 10"),
            new Promise("nothing twice", false, "3 orders"));
  }

  @Test
  void shouldSayWhenItWasNotDoneInTimeThoughNoCheckFailed() {
    assertThat(report(0, false, List.of(KEPT)).summary().get(0))
        .endsWith("Broken: not done in time.");
  }

  @Test
  void shouldShowWhatTheTableShowsAndWhatWasSeenOfEachGroup() {
    timeline.begin();
    timeline.sample("naive loop", 3, 1);
    timeline.sample("SafeConsumer", 2, 2);
    RunReport report = report(6_193, true, List.of(KEPT));

    assertThat(report.figures())
        .contains(
            new Figure("lag of partition 0", List.of("6,193", "0")),
            new Figure("duplicates", List.of("1,200", "0")));
    assertThat(report.series())
        .extracting(Series::group)
        .containsExactly("naive loop", "SafeConsumer");
    assertThat(report.series()).allSatisfy(one -> assertThat(one.samples()).hasSize(1));
    assertThat(report.facts()).containsExactly(new Fact("Kafka broker", "1.2.3"));
  }

  @Test
  void shouldWriteThePageAndTheDirectoriesThatAreMissing() throws Exception {
    Path report = directory.resolve("a/b/report.html");

    ReportFile.write(report(1, true, List.of(KEPT)), report);

    assertThat(Files.readString(report)).startsWith("<!doctype html>").contains("<svg");
  }
}
