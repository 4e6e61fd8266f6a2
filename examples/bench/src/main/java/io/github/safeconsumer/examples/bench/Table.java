package io.github.safeconsumer.examples.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows of text, as plain text or as Markdown. The first column is left-aligned, all others right.
 *
 * @param notes printed below
 */
record Table(String title, List<String> header, List<List<String>> rows, List<String> notes) {
  static Table of(String title, String... header) {
    return new Table(title, List.of(header), new ArrayList<>(), new ArrayList<>());
  }

  void row(List<String> cells) {
    if (cells.size() > header.size()) {
      throw new IllegalArgumentException(cells + " is more than " + header);
    }
    rows.add(List.copyOf(cells));
  }

  void note(String text) {
    notes.add(text);
  }

  String text() {
    int[] widths = new int[header.size()];
    widen(widths, header);
    // A row that ends in a sentence must not make that column wide.
    rows.forEach(
        row -> widen(widths, row.size() < widths.length ? row.subList(0, row.size() - 1) : row));
    StringBuilder text = new StringBuilder(title).append('\n');
    text.append(line(widths, header));
    rows.forEach(row -> text.append(line(widths, row)));
    notes.forEach(note -> text.append("  ").append(note).append('\n'));
    return text.toString();
  }

  private static void widen(int[] widths, List<String> row) {
    for (int column = 0; column < row.size(); column++) {
      widths[column] = Math.max(widths[column], row.get(column).length());
    }
  }

  private static String line(int[] widths, List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      boolean isSentence = row.size() < widths.length && column == row.size() - 1;
      String padding = isSentence ? "" : " ".repeat(Math.max(0, widths[column] - cell.length()));
      line.append(column == 0 ? "" : "  ");
      line.append(column == 0 ? cell + padding : padding + cell);
    }
    return line.toString().stripTrailing() + "\n";
  }

  String markdown() {
    StringBuilder text = new StringBuilder("### ").append(title).append("\n\n");
    text.append(markdownLine(header));
    text.append("|---|").append("--:|".repeat(header.size() - 1)).append('\n');
    for (List<String> row : rows) {
      List<String> cells = new ArrayList<>(row);
      cells.addAll(Arrays.asList(new String[header.size() - row.size()]));
      text.append(markdownLine(cells));
    }
    notes.forEach(note -> text.append("\n").append(note).append("\n"));
    return text.append('\n').toString();
  }

  private static String markdownLine(List<String> cells) {
    return cells.stream()
        .map(cell -> cell == null ? "" : cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
