package io.github.safeconsumer.micrometer;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An expression of a dashboard or rule, and the labels that its text shows.
 *
 * @param where panel or rule
 * @param text legend or summary, where labels stand in double braces
 */
record Asked(String where, String expression, String text) {
  private static final Pattern SHOWN = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");
  private static final Set<String> RATES = Set.of("rate", "increase");

  /** What Prometheus itself adds to what it scrapes. */
  private static final Set<String> OF_THE_TARGET = Set.of("instance", "job");

  /**
   * What does not fit to what is scraped; empty where all does. Codes of causes are there only from
   * their first time on, so they are not compared.
   */
  List<String> complaints(Scrape scrape) {
    PromQl query = PromQl.of(expression);
    Set<String> complaints = new TreeSet<>();
    Set<String> known = new TreeSet<>(OF_THE_TARGET);
    for (PromQl.Use use : query.uses()) {
      Set<String> labels = scrape.labels().get(use.metric());
      if (labels == null) {
        complaints.add("there is no " + use.metric());
        continue;
      }
      known.addAll(labels);
      use.labels().stream()
          .filter(label -> !labels.contains(label) && !OF_THE_TARGET.contains(label))
          .forEach(label -> complaints.add(use.metric() + " has no label " + label));
      use.values().stream()
          .filter(value -> !value.startsWith("code=") && !scrape.values().contains(value))
          .forEach(value -> complaints.add("nothing has " + value));
      if (scrape.isCounter(use.metric()) != (use.range() && RATES.contains(use.function()))) {
        complaints.add(
            use.metric() + " is a " + scrape.types().get(use.metric()) + ", used as another");
      }
    }
    query.listedLabels().stream()
        .filter(label -> !known.contains(label))
        .forEach(label -> complaints.add("nothing has a label " + label));
    shown().stream()
        .filter(label -> !query.listedLabels().contains(label))
        .forEach(label -> complaints.add("the text shows " + label + ", which is summed away"));
    return complaints.stream().map(complaint -> where + ": " + complaint).toList();
  }

  private Set<String> shown() {
    Matcher shown = SHOWN.matcher(text);
    return shown.results().map(one -> one.group(1)).collect(Collectors.toSet());
  }

  /** Names of the metrics it asks for. */
  Set<String> metrics() {
    return PromQl.of(expression).uses().stream()
        .map(PromQl.Use::metric)
        .collect(Collectors.toSet());
  }

  /** Codes of causes that it selects. */
  Set<String> codes() {
    return PromQl.of(expression).uses().stream()
        .flatMap(use -> use.values().stream())
        .filter(value -> value.startsWith("code="))
        .map(value -> value.substring("code=".length()))
        .collect(Collectors.toSet());
  }

  static Set<String> metrics(List<Asked> all) {
    return all.stream()
        .flatMap(one -> one.metrics().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
