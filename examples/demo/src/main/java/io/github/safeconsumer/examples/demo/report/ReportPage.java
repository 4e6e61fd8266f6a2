package io.github.safeconsumer.examples.demo.report;

import static io.github.safeconsumer.examples.demo.report.Markup.escaped;
import static io.github.safeconsumer.examples.demo.report.Markup.seconds;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Writes the page: one file that needs no other, and no script. */
public final class ReportPage {
  private static final String STYLE = "/report.css";

  /** Beyond them the strips have to do. */
  private static final int MOST_FINDINGS = 40;

  private final RunReport run;
  private final StringBuilder out = new StringBuilder();

  private ReportPage(RunReport run) {
    this.run = run;
  }

  public static String of(RunReport run) {
    return new ReportPage(run).write();
  }

  private String write() {
    add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>");
    add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    add("<title>" + escaped(run.headline()) + "</title>");
    add("<style>\n" + style() + "</style>\n</head>\n<body>");
    add("<header class=\"" + (run.kept() ? "kept" : "broken") + "\">");
    add("<h1>" + escaped(run.headline()) + "</h1>");
    run.summary().forEach(sentence -> add("<p>" + escaped(sentence) + "</p>"));
    add("</header>\n<main>");
    chart("Lag", "records behind (lag)", Sample::lag, lanesOfMarks());
    chart("Orders fulfilled", "good orders fulfilled at least once", Sample::handled, List.of());
    diagnosis();
    figures();
    promises();
    others();
    facts();
    add("</main>\n</body>\n</html>");
    return out.toString();
  }

  private void chart(String heading, String unit, ToLongFunction<Sample> value, List<Lane> lanes) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < run.series().size(); i++) {
      lines.add(Line.of(run.series().get(i), style(i), value));
    }
    add("<section>\n<h2>" + escaped(heading) + "</h2>\n<p class=\"legend\">");
    lines.forEach(
        line ->
            add("<span class=\"key " + line.style() + "\">" + escaped(line.name()) + "</span>"));
    add("</p>");
    add(new Chart(heading + " over time", unit, run.seconds(), lines, lanes).svg());
    add("</section>");
  }

  /** How a series is drawn: SafeConsumer's is the last. */
  private String style(int series) {
    return series == run.series().size() - 1 ? "safe" : "naive";
  }

  private List<Lane> lanesOfMarks() {
    List<Lane> lanes = new ArrayList<>();
    for (int i = 0; i < run.series().size(); i++) {
      Series series = run.series().get(i);
      String style = style(i);
      for (Mark.Kind kind : Mark.Kind.values()) {
        List<Lane.Span> spans =
            series.marks().stream()
                .filter(mark -> mark.kind() == kind)
                .map(ReportPage::span)
                .toList();
        if (!spans.isEmpty()) {
          lanes.add(new Lane(series.group() + ": " + kind.count(spans.size()), style, spans));
        }
      }
      if (series.marks().isEmpty()) {
        lanes.add(new Lane(series.group() + ": no rebalance", style, List.of()));
      }
    }
    return lanes;
  }

  private static Lane.Span span(Mark mark) {
    String title = seconds(mark.seconds()) + ": " + mark.what();
    return new Lane.Span(mark.seconds(), mark.seconds(), title);
  }

  private void diagnosis() {
    if (run.findings().isEmpty()) {
      return;
    }
    Map<String, List<Finding>> byCode =
        run.findings().stream()
            .collect(Collectors.groupingBy(Finding::code, LinkedHashMap::new, Collectors.toList()));
    add("<section>\n<h2>What SafeConsumer said of itself</h2>");
    add(
        "<p><code>diagnose()</code> was asked while it ran. Each strip is a cause that it named.</p>");
    List<Lane> lanes =
        byCode.entrySet().stream()
            .map(code -> new Lane(code.getKey(), "safe", spans(code.getValue())))
            .toList();
    add(new Chart("Diagnosis over time", "", run.seconds(), List.of(), lanes).svg());
    add("<dl>");
    run.findings().stream().limit(MOST_FINDINGS).forEach(this::finding);
    add("</dl>");
    if (run.findings().size() > MOST_FINDINGS) {
      add("<p>and " + (run.findings().size() - MOST_FINDINGS) + " more</p>");
    }
    add("</section>");
  }

  private static List<Lane.Span> spans(List<Finding> findings) {
    return findings.stream()
        .map(one -> new Lane.Span(one.from(), one.to(), from(one) + ": " + one.lately()))
        .toList();
  }

  private static String from(Finding finding) {
    return seconds(finding.from()) + " to " + seconds(finding.to());
  }

  private void finding(Finding finding) {
    add(
        "<dt><small>"
            + from(finding)
            + "</small> <code>"
            + escaped(finding.code())
            + "</code></dt>");
    add("<dd>" + escaped(finding.evidence()));
    if (!finding.lately().equals(finding.evidence())) {
      add("<br/>in the end: " + escaped(finding.lately()));
    }
    if (!finding.remedy().isEmpty()) {
      add("<br/><em>" + escaped(finding.remedy()) + "</em>");
    }
    add("</dd>");
  }

  private void figures() {
    add(
        "<section>\n<h2>In the end</h2>\n<div class=\"wide-content\"><table>\n<thead><tr><th></th>");
    run.series().forEach(one -> add("<th scope=\"col\">" + escaped(one.group()) + "</th>"));
    add("</tr></thead>\n<tbody>");
    for (Figure figure : run.figures()) {
      add("<tr><th scope=\"row\">" + escaped(figure.name()) + "</th>");
      figure.values().forEach(value -> add("<td>" + escaped(value) + "</td>"));
      add("</tr>");
    }
    add("</tbody></table></div>\n</section>");
  }

  private void promises() {
    add("<section>\n<h2>What SafeConsumer promised</h2>\n<ul class=\"promises\">");
    for (Promise promise : run.promises()) {
      add(
          "<li class=\""
              + (promise.kept() ? "kept" : "broken")
              + "\"><b>"
              + escaped(promise.name())
              + "</b> "
              + (promise.kept() ? "" : "<strong>broken</strong> ")
              + "<span>"
              + escaped(promise.detail())
              + "</span></li>");
    }
    add("</ul>\n</section>");
  }

  private void others() {
    if (run.others().isEmpty()) {
      return;
    }
    add(
        "<section>\n<h2>What became of the "
            + escaped(run.series().get(0).group())
            + "</h2>\n<ul>");
    run.others().forEach(line -> add("<li>" + escaped(line) + "</li>"));
    add("</ul>\n</section>");
  }

  private void facts() {
    add("<section>\n<h2>What was run</h2>\n<dl class=\"facts\">");
    run.facts()
        .forEach(
            fact ->
                add("<dt>" + escaped(fact.name()) + "</dt><dd>" + escaped(fact.value()) + "</dd>"));
    add("</dl>\n</section>");
  }

  private static String style() {
    try (InputStream in = ReportPage.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException(STYLE + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + STYLE, e);
    }
  }

  private void add(String html) {
    out.append(html).append('\n');
  }
}
