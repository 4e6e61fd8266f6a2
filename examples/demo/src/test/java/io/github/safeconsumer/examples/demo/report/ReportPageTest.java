package io.github.safeconsumer.examples.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

class ReportPageTest {
  private static final String EVIL = "<script>\"'&amp;\u0000</td>";
  private static final String SHOWN = "<script>\"'&amp; </td>";

  @Test
  void shouldShowTheResultBothGroupsAndWhatBefellThem() throws Exception {
    Document page = Pages.parsed(ReportPage.of(Pages.run()));

    assertThat(Pages.texts(page, "h1")).containsExactly("the headline ");
    assertThat(Pages.texts(page, "p")).contains("a sentence ");
    assertThat(Pages.texts(page, "title")).contains("naive loop", "SafeConsumer");
    assertThat(Pages.texts(page, "text"))
        .contains("records behind (lag)", "good orders fulfilled at least once")
        .contains("naive loop: 2 rebalances", "naive loop: 1 eviction", "naive loop: 1 crash")
        .contains("SafeConsumer: no rebalance");
    assertThat(Pages.texts(page, "title")).contains("3.0 s: generation 5", "9.0 s: member 2");
  }

  @Test
  void shouldDrawBothGroupsInEachPlot() throws Exception {
    Document page = Pages.parsed(ReportPage.of(Pages.run()));
    List<String> lines =
        Pages.elements(page, "path").stream()
            .map(path -> path.getAttribute("class"))
            .filter(style -> style.startsWith("line "))
            .toList();

    assertThat(lines)
        .containsExactlyElementsOf(
            IntStream.range(0, 4) // two plots, each for two sizes of screen
                .boxed()
                .flatMap(i -> List.of("line naive", "line safe").stream())
                .toList());
  }

  @Test
  void shouldShowTheDiagnosisInTheOrderOfTime() throws Exception {
    Document page = Pages.parsed(ReportPage.of(Pages.run()));

    assertThat(Pages.texts(page, "dt"))
        .startsWith("1.0 s to 5.0 s PARALLELISM_WORKERS", "6.0 s to 20.0 s NOTHING_WRONG");
    assertThat(Pages.texts(page, "dd").get(0))
        .contains("9 behind", "in the end: 8 behind", "raise concurrency");
    assertThat(Pages.texts(page, "dd").get(1).strip()).isEqualTo("all done");
  }

  @Test
  void shouldSayHowManyLinesOfTheDiagnosisItLeavesOut() throws Exception {
    List<Finding> many =
        IntStream.range(0, 43).mapToObj(i -> new Finding(i, i, "CODE", "e", "e", "r")).toList();
    Document page =
        Pages.parsed(ReportPage.of(Pages.run(true, List.of(Pages.NAIVE, Pages.SAFE), many, "")));

    assertThat(Pages.texts(page, "p")).contains("and 3 more");
    assertThat(Pages.texts(page, "code")).filteredOn("CODE"::equals).hasSize(40);
  }

  @Test
  void shouldHaveNoSectionForADiagnosisThatNobodyTook() {
    String page = ReportPage.of(Pages.run(true, List.of(Pages.NAIVE, Pages.SAFE), List.of(), ""));

    assertThat(page).doesNotContain("diagnose()").doesNotContain("<dl>");
  }

  @Test
  void shouldShowFiguresPromisesAndWhatWasRun() throws Exception {
    Document page = Pages.parsed(ReportPage.of(Pages.run()));

    assertThat(Pages.texts(page, "th")).contains("naive loop", "SafeConsumer", "rebalances ");
    assertThat(Pages.texts(page, "td")).containsExactly("2 ", "0");
    assertThat(Pages.texts(page, "li")).contains("partition 0 stands ");
    assertThat(Pages.texts(page, "dt")).contains("Kafka broker ");
    assertThat(Pages.texts(page, "dd")).contains("1.2.3 ");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSayWhereAPromiseWasBroken(boolean kept) throws Exception {
    RunReport run = Pages.run(kept, List.of(Pages.NAIVE, Pages.SAFE), Pages.FINDINGS, "");
    Document page = Pages.parsed(ReportPage.of(run));
    String style = kept ? "kept" : "broken";

    assertThat(Pages.elements(page, "header").get(0).getAttribute("class")).isEqualTo(style);
    assertThat(Pages.elements(page, "li"))
        .filteredOn(li -> li.getTextContent().contains("nothing twice"))
        .singleElement()
        .satisfies(
            li -> {
              assertThat(li.getAttribute("class")).isEqualTo(style);
              assertThat(li.getTextContent().contains("broken")).isEqualTo(!kept);
            });
  }

  @Test
  void shouldEscapeWhateverTextItIsGiven() throws Exception {
    Series evil =
        new Series(EVIL, Pages.NAIVE.samples(), List.of(new Mark(1, Mark.Kind.CRASH, EVIL)));
    List<Finding> findings = List.of(new Finding(0, 1, EVIL, EVIL, "later " + EVIL, EVIL));
    String html = ReportPage.of(Pages.run(true, List.of(evil, Pages.SAFE), findings, EVIL));

    assertThat(html).doesNotContain("<script").doesNotContain("\u0000");
    Document page = Pages.parsed(html);
    assertThat(Pages.texts(page, "h1")).containsExactly("the headline " + SHOWN);
    assertThat(Pages.texts(page, "title")).contains(SHOWN, "1.0 s: " + SHOWN);
    assertThat(Pages.texts(page, "code")).contains(SHOWN);
    assertThat(Pages.texts(page, "th")).contains(SHOWN);
    assertThat(Pages.elements(page, "td")).hasSize(2);
  }

  @Test
  void shouldNeedNothingFromElsewhere() {
    assertThat(ReportPage.of(Pages.run()))
        .doesNotContain("http", "src=", "href", "url(", "@import", "<script");
  }
}
