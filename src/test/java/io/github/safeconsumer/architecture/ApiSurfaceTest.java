package io.github.safeconsumer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What others compile against changes only on purpose: it is written down, and who changes it
 * writes that down, too. {@code mvn test -Dtest=ApiSurfaceTest -Dsafeconsumer.api.write=true}
 * writes the file anew; docs/VERSIONING.md says what may go and what may only come.
 */
class ApiSurfaceTest {
  private static final Path WRITTEN = Path.of("src", "test", "resources", "api.txt");

  @Test
  void shouldBeTheApiThatIsWrittenDown() throws IOException {
    List<String> now =
        ApiSurface.of(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPath(Path.of("target", "classes")));
    assertThat(now).hasSizeGreaterThan(300);
    if (Boolean.getBoolean("safeconsumer.api.write")) {
      Files.write(WRITTEN, now);
    }
    assertThat(now)
        .as("the public API; see the comment of this test")
        .isEqualTo(Files.readAllLines(WRITTEN));
  }
}
