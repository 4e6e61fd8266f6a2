package io.github.safeconsumer.examples.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ChartTest {
  private static final int SIZES = 2;

  private static Document drawn(Chart chart) throws Exception {
    return Pages.parsed("<div>" + chart.svg() + "</div>");
  }

  private static Chart chart(List<Lane> lanes) {
    return new Chart(
        "Lag over time",
        "records",
        20,
        List.of(
            Line.of(Pages.NAIVE, "naive", Sample::lag), Line.of(Pages.SAFE, "safe", Sample::lag)),
        lanes);
  }

  /** The points of a line, as x and y. */
  private static List<double[]> points(Document document, String style) {
    Element path =
        Pages.elements(document, "path").stream()
            .filter(one -> one.getAttribute("class").equals("line " + style))
            .findFirst()
            .orElseThrow();
    return Pattern.compile("[ML]")
        .splitAsStream(path.getAttribute("d"))
        .filter(point -> !point.isEmpty())
        .map(point -> Arrays.stream(point.split(" ")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  @Test
  void shouldDrawEverySampleWhereItsTimeAndValueAre() throws Exception {
    Document document = drawn(chart(List.of()));
    List<double[]> naive = points(document, "naive");
    List<double[]> safe = points(document, "safe");

    assertThat(naive).hasSize(3);
    double middle = (naive.get(0)[0] + naive.get(2)[0]) / 2;
    assertThat(naive.get(1)[0]).as("10 of 20 s").isEqualTo(middle);
    double height = naive.get(0)[1] - naive.get(1)[1];
    assertThat(height).as("8,000 is above 0").isPositive();
    assertThat(naive.get(0)[1] - naive.get(2)[1]).as("6,000").isEqualTo(height * 0.75);
    assertThat(safe.get(0)[1] - safe.get(1)[1]).as("4,000, on the same axis").isEqualTo(height / 2);
    assertThat(safe.get(2)[1]).as("0").isEqualTo(naive.get(0)[1]);
  }

  @Test
  void shouldNameTheUnitsAndNumberBothAxes() throws Exception {
    List<String> texts = Pages.texts(drawn(chart(List.of())), "text");

    assertThat(texts)
        .contains("records", "seconds since the first order was sent")
        .contains("0", "2,000", "4,000", "6,000", "8,000")
        .contains("5", "10", "15", "20");
  }

  @Test
  void shouldWriteTheLastValuesBesideTheLinesAndNotOverEachOther() throws Exception {
    Line one = Line.of(Pages.SAFE, "safe", Sample::lag);
    Line other = Line.of(Pages.SAFE, "naive", Sample::lag);
    Document document = drawn(new Chart("", "", 20, List.of(one, other), List.of()));
    List<Double> heights =
        Pages.elements(document, "text").stream()
            .filter(text -> text.getAttribute("class").startsWith("value"))
            .limit(2)
            .map(text -> Double.parseDouble(text.getAttribute("y")))
            .toList();

    assertThat(heights.get(1) - heights.get(0)).isGreaterThanOrEqualTo(12);
  }

  @Test
  void shouldDrawStripsOnTheAxisOfTheLines() throws Exception {
    Lane lane =
        new Lane(
            "3 things",
            "naive",
            List.of(new Lane.Span(10, 10, "at ten"), new Lane.Span(0, 20, "all the time")));
    Document document = drawn(chart(List.of(lane)));
    List<Element> spans =
        Pages.elements(document, "rect").stream()
            .filter(rect -> rect.getAttribute("class").equals("naive"))
            .toList();
    List<double[]> naive = points(document, "naive");

    assertThat(spans).hasSize(2 * SIZES);
    assertThat(Double.parseDouble(spans.get(0).getAttribute("x"))).isEqualTo(naive.get(1)[0]);
    assertThat(Double.parseDouble(spans.get(0).getAttribute("width"))).as("visible").isPositive();
    assertThat(Double.parseDouble(spans.get(1).getAttribute("width")))
        .isEqualTo(naive.get(2)[0] - naive.get(0)[0]);
    assertThat(Pages.texts(document, "title")).contains("at ten", "all the time");
    assertThat(Pages.texts(document, "text")).contains("3 things");
  }

  @Test
  void shouldLeaveOutWhatALevelLineDoesNotNeed() {
    List<Sample> level =
        List.of(
            new Sample(0, 5, 0),
            new Sample(1, 7, 0),
            new Sample(2, 7, 0),
            new Sample(3, 7, 0),
            new Sample(4, 6, 0));
    Line line = Line.of(new Series("one", level, List.of()), "safe", Sample::lag);

    assertThat(line.points()).extracting(Line.Point::seconds).containsExactly(0.0, 1.0, 3.0, 4.0);
  }

  @Test
  void shouldDrawNothingButAxesWhereNothingWasSeen() throws Exception {
    Line none = Line.of(new Series("none", List.of(), List.of()), "safe", Sample::lag);
    Document document = drawn(new Chart("", "", 0, List.of(none), List.of()));

    assertThat(Pages.elements(document, "circle")).isEmpty();
    assertThat(Pages.texts(document, "text")).contains("0", "1");
  }
}
