package io.github.safeconsumer.examples.demo.report;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Runs to report on, and the pages read back. */
final class Pages {
  static final Series NAIVE =
      new Series(
          "naive loop",
          List.of(new Sample(0, 0, 0), new Sample(10, 8_000, 500), new Sample(20, 6_000, 2_000)),
          List.of(
              new Mark(3, Mark.Kind.REBALANCE, "generation 5"),
              new Mark(4, Mark.Kind.REBALANCE, "generation 6"),
              new Mark(9, Mark.Kind.EVICTION, "member 2"),
              new Mark(12, Mark.Kind.CRASH, "member 1")));

  static final Series SAFE =
      new Series(
          "SafeConsumer",
          List.of(new Sample(0, 0, 0), new Sample(10, 4_000, 4_000), new Sample(20, 0, 8_000)),
          List.of());

  static final List<Finding> FINDINGS =
      List.of(
          new Finding(1, 5, "PARALLELISM_WORKERS", "9 behind", "8 behind", "raise concurrency"),
          new Finding(6, 20, "NOTHING_WRONG", "all done", "all done", ""));

  private Pages() {}

  static RunReport run(boolean kept, List<Series> series, List<Finding> findings, String text) {
    return new RunReport(
        kept,
        "the headline " + text,
        List.of("a sentence " + text),
        series,
        List.of(new Figure("rebalances " + text, List.of("2 " + text, "0"))),
        List.of(
            new Promise("nothing lost " + text, true, "8 of 8 " + text),
            new Promise("nothing twice", kept, "0 of 8")),
        List.of("partition 0 stands " + text),
        findings,
        List.of(new Fact("Kafka broker " + text, "1.2.3 " + text)));
  }

  static RunReport run() {
    return run(true, List.of(NAIVE, SAFE), FINDINGS, "");
  }

  /** Fails where a tag is not closed or a character is not escaped. */
  static Document parsed(String page) throws Exception {
    String xml = page.replaceFirst("^<!doctype html>", "");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  static List<Element> elements(Document document, String tag) {
    NodeList found = document.getElementsByTagName(tag);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  static List<String> texts(Document document, String tag) {
    return elements(document, tag).stream().map(Element::getTextContent).toList();
  }
}
