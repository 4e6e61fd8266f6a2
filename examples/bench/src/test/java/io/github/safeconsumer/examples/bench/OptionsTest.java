package io.github.safeconsumer.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.examples.bench.Options.Command;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static final Path DIRECTORY = Path.of("results");

  private static Options parse(String line) {
    return Options.parse(line.isEmpty() ? new String[0] : line.split(" "), DIRECTORY, 42);
  }

  @Test
  void shouldMeasureSevenRoundsAfterTwoWarmUpsWhenNothingIsSaid() {
    Options options = parse("");

    assertThat(options.command()).isEqualTo(Command.RUN);
    assertThat(options.rounds()).isEqualTo(7);
    assertThat(options.warmUps()).isEqualTo(2);
    assertThat(options.seed()).isEqualTo(42);
    assertThat(options.directory()).isEqualTo(DIRECTORY);
    assertThat(options.scenarios()).isEmpty();
  }

  @Test
  void shouldTakeEverythingThatIsSaid() {
    Options options =
        parse(
            "json noop-1k --rounds 9 --warmups 3 --records 1000 --subjects bare,safe-key"
                + " --concurrency 4 --client fetch.min.bytes=1 --seed -5 --out elsewhere");

    assertThat(options.scenarios()).containsExactly("json", "noop-1k");
    assertThat(options.subjects()).containsExactly("bare", "safe-key");
    assertThat(options.rounds()).isEqualTo(9);
    assertThat(options.warmUps()).isEqualTo(3);
    assertThat(options.sizes().records(5)).isEqualTo(1_000);
    assertThat(options.sizes().concurrency()).isEqualTo(4);
    assertThat(options.client()).isEqualTo(Map.of("fetch.min.bytes", "1"));
    assertThat(options.seed()).isEqualTo(-5);
    assertThat(options.directory()).isEqualTo(Path.of("elsewhere"));
  }

  @Test
  void shouldMakeEverythingSmallWhenShort() {
    Options options = parse("all --short");

    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.warmUps()).isEqualTo(1);
    assertThat(options.sizes().records(1_000_000)).isEqualTo(20_000);
  }

  @Test
  void shouldKnowThatAPeersOwnClientIsMeant() {
    SubjectKind kind = Subjects.find("bare@spring").orElseThrow();

    assertThat(kind.classPath()).isEqualTo("spring");
    assertThat(kind.type()).endsWith(".Bare");
    assertThat(Subjects.find("spring").orElseThrow().ownBare()).isEqualTo("bare@spring");
    assertThat(Subjects.find("safe-key").orElseThrow().ownBare()).isEqualTo("bare");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "--nonsense",
        "--rounds",
        "--rounds 0",
        "--rounds many",
        "--subjects somebody",
        "--subjects safe-key@spring",
        "--subjects bare@nowhere",
        "--client fetch.min.bytes"
      })
  void shouldRefuseWhatMeansNothing(String line) {
    assertThatThrownBy(() -> parse(line)).isInstanceOf(IllegalArgumentException.class);
  }
}
