package io.github.safeconsumer.examples.demo.report;

import java.util.List;

/**
 * A strip below a chart, on the same axis of time.
 *
 * @param label stands above it
 * @param style its class in the style sheet
 */
record Lane(String label, String style, List<Span> spans) {
  Lane {
    spans = List.copyOf(spans);
  }

  /** A stretch of time, or a moment where both ends are the same. */
  record Span(double from, double to, String title) {}
}
