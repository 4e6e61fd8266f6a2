package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** docs/THIRD_PARTY.md lists what the library depends on outside its tests, and nothing else. */
class ThirdPartyPageTest {
  private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| ([a-z]+)");

  @Test
  void shouldListWhatTheBuildDependsOn() throws Exception {
    Set<String> listed = new TreeSet<>();
    Documents.lines(Path.of("docs", "THIRD_PARTY.md"))
        .forEach(
            line ->
                ROW.matcher(line)
                    .results()
                    .forEach(
                        row ->
                            listed.add(
                                row.group(1)
                                    + (row.group(2).equals("compile") ? "" : " optional"))));
    assertThat(listed).isEqualTo(dependencies()).isNotEmpty();
  }

  private static Set<String> dependencies() throws Exception {
    Element project =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile())
            .getDocumentElement();
    Set<String> found = new TreeSet<>();
    NodeList all = project.getElementsByTagName("dependency");
    for (int i = 0; i < all.getLength(); i++) {
      Element one = (Element) all.item(i);
      boolean direct =
          one.getParentNode().getNodeName().equals("dependencies")
              && one.getParentNode().getParentNode() == project;
      if (direct && !text(one, "scope").equals("test")) {
        found.add(
            text(one, "groupId")
                + ":"
                + text(one, "artifactId")
                + (text(one, "optional").equals("true") ? " optional" : ""));
      }
    }
    return found;
  }

  private static String text(Element of, String name) {
    NodeList found = of.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }
}
