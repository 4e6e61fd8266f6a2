package io.github.safeconsumer.examples.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Shows how the groups stand: drawn over in a terminal, a line now and then elsewhere. */
interface Display {
  /** How often to call {@link #show}. */
  Duration pace();

  void show(List<Standing> groups);

  /** Takes the live view away, so that what follows is ordinary output. */
  default void end() {}

  /** What suits the place the output goes to. */
  static Display on(PrintStream out, boolean terminal) {
    return terminal ? new Redrawn(out) : new Lines(out);
  }

  /** Draws the table over the last one. */
  final class Redrawn implements Display {
    private static final int WIDTH = 79;
    private static final String UP_AND_CLEAR = "\u001b[%dA\u001b[J";

    private final PrintStream out;
    private int drawn;

    Redrawn(PrintStream out) {
      this.out = out;
    }

    @Override
    public Duration pace() {
      return Duration.ofMillis(500);
    }

    @Override
    public void show(List<Standing> groups) {
      List<String> lines = new ArrayList<>(Table.lines(groups));
      lines.add("");
      groups.forEach(group -> lines.add(cut(group.group() + ": " + group.news())));
      end();
      out.println(String.join(System.lineSeparator(), lines));
      out.flush();
      drawn = lines.size();
    }

    private static String cut(String line) {
      return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...";
    }

    @Override
    public void end() {
      if (drawn > 0) {
        out.printf(UP_AND_CLEAR, drawn);
        drawn = 0;
      }
    }
  }

  /** Prints a line for each group. */
  final class Lines implements Display {
    private final PrintStream out;

    Lines(PrintStream out) {
      this.out = out;
    }

    @Override
    public Duration pace() {
      return Duration.ofSeconds(5);
    }

    @Override
    public void show(List<Standing> groups) {
      groups.forEach(group -> out.println(Table.line(group)));
    }
  }
}
