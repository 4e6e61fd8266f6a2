package io.github.safeconsumer.micrometer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of a Prometheus expression as it takes to know which metrics and labels it speaks of. An
 * expression that it does not understand is an error.
 */
final class PromQl {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(\"(?:[^\"\\\\]|\\\\.)*\"" // text
              + "|[0-9.]+(?:ms|[smhdwy])?" // number or time
              + "|[a-zA-Z_:][\\w:]*|\\$\\w+" // word or variable
              + "|=~|!~|!=|==|>=|<=|[-+*/%^<>=(){}\\[\\],])");
  private static final Set<String> FUNCTIONS =
      Set.of(
          "sum",
          "max",
          "min",
          "avg",
          "count",
          "topk",
          "rate",
          "increase",
          "max_over_time",
          "min_over_time",
          "avg_over_time",
          "changes",
          "clamp_min");
  private static final Set<String> LABEL_LISTS =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");

  /**
   * A metric as it is used.
   *
   * @param labels that it is selected by
   * @param values that they are to have exactly, as in {@code state=running}
   * @param range of time, as in {@code rate(x[5m])}
   * @param function that it is handed to at once; empty for none
   */
  record Use(
      String metric, Set<String> labels, Set<String> values, boolean range, String function) {}

  private final String expression;
  private final List<String> tokens = new ArrayList<>();
  private final List<Use> uses = new ArrayList<>();
  private final Set<String> listed = new TreeSet<>();
  private int at;

  private PromQl(String expression) {
    this.expression = expression;
  }

  static PromQl of(String expression) {
    PromQl parsed = new PromQl(expression);
    parsed.cut();
    parsed.read();
    return parsed;
  }

  List<Use> uses() {
    return uses;
  }

  /** Labels in {@code by (..)} and the like. */
  Set<String> listedLabels() {
    return listed;
  }

  private void cut() {
    Matcher token = TOKEN.matcher(expression);
    int end = 0;
    while (end < expression.stripTrailing().length()) {
      if (!token.find(end) || token.start() != end) {
        throw wrong("cannot be read from character " + end);
      }
      tokens.add(token.group(1));
      end = token.end();
    }
  }

  private void read() {
    Deque<String> open = new ArrayDeque<>();
    while (at < tokens.size()) {
      String token = tokens.get(at++);
      if (token.equals("(")) {
        open.push("");
      } else if (token.equals(")")) {
        if (open.poll() == null) {
          throw wrong("has a ) too many");
        }
      } else if (Character.isLetter(token.charAt(0))) {
        word(token, open);
      } else if (token.matches("[\\[\\]{}]|\\$.*")) {
        throw wrong("has " + token + " where it means nothing");
      }
    }
    if (!open.isEmpty()) {
      throw wrong("lacks a )");
    }
    if (uses.isEmpty()) {
      throw wrong("names no metric");
    }
  }

  private void word(String word, Deque<String> open) {
    if (LABEL_LISTS.contains(word)) {
      labelList();
    } else if (next("(") || next("by") || next("without")) {
      if (!FUNCTIONS.contains(word)) {
        throw wrong("calls " + word + ", which is not known");
      }
      if (!next("(")) {
        at++;
        labelList();
      }
      expect("(");
      open.push(word);
    } else if (!OPERATORS.contains(word)) {
      metric(word, open.isEmpty() ? "" : open.peek());
    }
  }

  private void labelList() {
    expect("(");
    while (!next(")")) {
      listed.add(tokens.get(at++));
      if (next(",")) {
        at++;
      }
    }
    expect(")");
  }

  private void metric(String name, String function) {
    Set<String> labels = new TreeSet<>();
    Set<String> values = new TreeSet<>();
    if (next("{")) {
      at++;
      while (!next("}")) {
        labels.add(matcher(name, values));
        if (next(",")) {
          at++;
        }
      }
      expect("}");
    }
    boolean range = next("[");
    if (range) {
      at += 2;
      expect("]");
    }
    uses.add(new Use(name, labels, values, range, function));
  }

  /** One comparison in braces; the label of it. */
  private String matcher(String metric, Set<String> values) {
    if (at + 3 > tokens.size()) {
      throw wrong("lacks a }");
    }
    String label = tokens.get(at++);
    String operator = tokens.get(at++);
    String text = tokens.get(at++);
    if (!operator.matches("=|!=|=~|!~") || !text.startsWith("\"")) {
      throw wrong("compares a label of " + metric + " in no known way");
    }
    if (operator.equals("=")) {
      values.add(label + "=" + text.substring(1, text.length() - 1));
    }
    return label;
  }

  private boolean next(String token) {
    return at < tokens.size() && tokens.get(at).equals(token);
  }

  private void expect(String token) {
    if (!next(token)) {
      throw wrong("lacks a " + token);
    }
    at++;
  }

  private AssertionError wrong(String what) {
    return new AssertionError(expression + " " + what);
  }
}
