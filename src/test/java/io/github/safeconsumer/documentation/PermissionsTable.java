package io.github.safeconsumer.documentation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** The table of permissions in docs/OPERATIONS.md, as the tests that hold it to be true read it. */
public final class PermissionsTable {
  private static final Path FILE = Path.of("docs", "OPERATIONS.md");
  private static final String HEADING = "## Permissions";
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /**
   * A row.
   *
   * @param name as in the example: orders, orders.dlt, fulfilment
   * @param needed when
   * @param symptom what an operator sees without it, word for word
   */
  public record Row(
      int line,
      ResourceType type,
      String name,
      AclOperation operation,
      String needed,
      String symptom) {
    @Override
    public String toString() {
      return operation + " on " + type.name().toLowerCase(Locale.ROOT) + " " + name;
    }
  }

  private PermissionsTable() {}

  /** All rows, in their order. */
  public static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    boolean inSection = false;
    List<String> lines = Documents.lines(FILE);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("## ")) {
        inSection = line.equals(HEADING);
      } else if (inSection && line.startsWith("|")) {
        String[] cells = line.split("\\|", -1);
        if (cells.length == 7 && cells[2].contains("`")) {
          rows.add(row(i + 1, cells));
        }
      }
    }
    if (rows.isEmpty()) {
      throw new AssertionError(FILE + " has no table of permissions under '" + HEADING + "'");
    }
    return rows;
  }

  private static Row row(int line, String[] cells) {
    return new Row(
        line,
        ResourceType.fromString(cells[1].trim().toUpperCase(Locale.ROOT)),
        code(line, cells[2]),
        Documents.operation(cells[3].trim()),
        cells[4].trim(),
        code(line, cells[5]));
  }

  private static String code(int line, String cell) {
    Matcher code = CODE.matcher(cell);
    if (!code.find()) {
      throw new AssertionError(FILE + ":" + line + ": no `code` in the cell '" + cell + "'");
    }
    return code.group(1);
  }
}
