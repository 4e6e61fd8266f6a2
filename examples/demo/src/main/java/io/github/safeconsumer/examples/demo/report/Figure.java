package io.github.safeconsumer.examples.demo.report;

import java.util.List;

/**
 * A line of the table of final figures.
 *
 * @param name what was counted
 * @param values one for each group, in the order of the series
 */
public record Figure(String name, List<String> values) {
  public Figure {
    values = List.copyOf(values);
  }
}
