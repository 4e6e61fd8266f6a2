package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links within the project lead to a file that is there, and to a heading that it has. */
class DocLinksTest {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");

  /** Files and headings may come from elsewhere in the project too. */
  @Test
  void shouldLeadSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Path document : Documents.all()) {
      List<String> lines = Documents.lines(document);
      for (int i = 0; i < lines.size(); i++) {
        Matcher link = LINK.matcher(lines.get(i));
        while (link.find()) {
          if (!link.group(1).contains("://") && !resolves(document, link.group(1))) {
            broken.add(document + ":" + (i + 1) + ": " + link.group(1));
          }
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean resolves(Path document, String link) {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? document : document.resolveSibling(path).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0 || anchors(target).contains(link.substring(hash + 1));
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(Path document) {
    return headings(document)
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{Alnum} _-]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static Stream<String> headings(Path document) {
    return Documents.lines(document).stream()
        .filter(line -> line.matches("#{1,6} .*"))
        .map(line -> line.replaceFirst("#+ ", "").trim());
  }
}
