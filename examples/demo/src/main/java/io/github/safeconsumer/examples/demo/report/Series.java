package io.github.safeconsumer.examples.demo.report;

import java.util.List;

/**
 * What was seen of one group.
 *
 * @param group its name
 * @param samples in the order of time
 * @param marks what befell it, in the order of time
 */
public record Series(String group, List<Sample> samples, List<Mark> marks) {
  public Series {
    samples = List.copyOf(samples);
    marks = List.copyOf(marks);
  }
}
