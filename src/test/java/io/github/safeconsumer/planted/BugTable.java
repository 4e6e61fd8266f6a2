package io.github.safeconsumer.planted;

import java.util.List;
import java.util.stream.Collectors;

/** The table of docs/PLANTED_BUGS.md: a row for each bug. */
final class BugTable {
  private BugTable() {}

  static String of(List<PlantedBug> bugs) {
    return "| bug | what it is | caught by | simulation |\n|---|---|---|---|\n"
        + bugs.stream().map(BugTable::row).collect(Collectors.joining("\n"));
  }

  private static String row(PlantedBug bug) {
    String tests =
        bug.tests().stream().map(test -> "`" + test + "`").collect(Collectors.joining(", "));
    return "| `%s` | **%s.** %s | %s | %s |"
        .formatted(bug.id(), bug.title(), bug.text(), tests, bug.simulation());
  }
}
