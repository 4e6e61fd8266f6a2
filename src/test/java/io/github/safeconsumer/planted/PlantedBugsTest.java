package io.github.safeconsumer.planted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The list of planted bugs stays true: each can still be planted, the tests that catch it exist,
 * the page shows it. That they do catch it is seen by src/planted/check, which takes minutes.
 */
class PlantedBugsTest {
  private static final Path SOURCES = Path.of("src/main/java/io/github/safeconsumer");
  private static final Path PAGE = Path.of("docs", "PLANTED_BUGS.md");

  private final List<PlantedBug> bugs = PlantedBug.all();

  @Test
  void shouldBeAbleToPlantEveryBug() {
    assertThat(bugs).hasSizeGreaterThanOrEqualTo(25);
    assertThat(bugs)
        .flatExtracting(PlantedBug::edits)
        .allSatisfy(
            edit -> {
              String source = Files.readString(SOURCES.resolve(edit.file()));
              assertThat(edit.in(source)).isNotEqualTo(source);
            });
  }

  @Test
  void shouldNameTestsThatExist() {
    TestNames names = TestNames.ofTheProject();
    assertThat(bugs)
        .allSatisfy(
            bug -> assertThat(bug.tests()).as(bug.id()).isNotEmpty().allMatch(names::exists));
    assertThat(names.exists("PlantedBugsTest.noSuchTest")).isFalse();
    assertThat(names.exists("NoSuchTest.shouldNameTestsThatExist")).isFalse();
  }

  @Test
  void shouldShowEveryBugOnThePage() throws IOException {
    assertThat(Files.readString(PAGE))
        .as("src/planted/check --table prints it as it has to be")
        .contains(BugTable.of(bugs));
  }

  @Test
  void shouldRefuseToPlantWhereTheTextIsNotFoundExactlyOnce() {
    PlantedBug.Edit edit = new PlantedBug.Edit("A.java", "one\n", "two\n");
    assertThat(edit.in("zero\none\n")).isEqualTo("zero\ntwo\n");
    assertThatThrownBy(() -> edit.in("zero\n")).hasMessageContaining("exactly once");
    assertThatThrownBy(() -> edit.in("one\none\n")).hasMessageContaining("exactly once");
  }

  @Test
  void shouldRefuseAFileThatLeavesSomethingOut() {
    List<String> whole =
        List.of(
            "Title",
            "",
            "Text",
            "",
            "file: A.java",
            "find:",
            "a",
            "replace:",
            "b",
            "end",
            "",
            "caught by: ATest.b",
            "simulation: no");
    assertThat(PlantedBug.parse("id", whole).edits()).hasSize(1);
    for (String left : List.of("Text", "caught by: ATest.b", "simulation: no", "end")) {
      assertThatThrownBy(
              () ->
                  PlantedBug.parse(
                      "id", whole.stream().filter(line -> !line.equals(left)).toList()))
          .as("without %s", left)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
