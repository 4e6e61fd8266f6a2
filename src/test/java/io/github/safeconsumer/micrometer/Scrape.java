package io.github.safeconsumer.micrometer;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Prometheus reads: its text format, by name.
 *
 * @param types of each name, as in {@code gauge}
 * @param labels of each name, the keys
 * @param values of all labels, as in {@code state=running}
 */
record Scrape(Map<String, String> types, Map<String, Set<String>> labels, Set<String> values) {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  static Scrape of(String text) {
    Scrape scrape = new Scrape(new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
    text.lines().forEach(scrape::read);
    return scrape;
  }

  private void read(String line) {
    Matcher type = TYPE.matcher(line);
    if (type.matches()) {
      types.put(type.group(1), type.group(2));
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!line.startsWith("#") && sample.matches()) {
      Set<String> keys = labels.computeIfAbsent(sample.group(1), added -> new TreeSet<>());
      Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
      while (label.find()) {
        keys.add(label.group(1));
        values.add(label.group(1) + "=" + label.group(2));
      }
    }
  }

  boolean isCounter(String name) {
    return "counter".equals(types.get(name));
  }
}
