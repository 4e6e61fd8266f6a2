package io.github.safeconsumer.examples.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command line. */
class ArgumentsTest {
  @Test
  void shouldTakeAllFaultsWhenNoneIsNamed() {
    List<Fault> faults = Arguments.parse(List.of()).faults();

    assertThat(faults).hasSize(13);
    assertThat(new HashSet<>(faults.stream().map(Fault::name).toList())).hasSize(13);
  }

  @Test
  void shouldTakeOnlyTheNamedFaults() {
    Arguments arguments = Arguments.parse(List.of("--short", "--only", "slow,poison"));

    assertThat(arguments.scale()).isEqualTo(Scale.SHORT);
    assertThat(arguments.faults()).extracting(Fault::name).containsExactly("poison", "slow");
  }

  @Test
  void shouldRefuseWhatMeansNothing() {
    assertThatThrownBy(() -> Arguments.parse(List.of("--fast"))).hasMessageContaining("usage");
    assertThatThrownBy(() -> Arguments.parse(List.of("--only"))).hasMessageContaining("value");
    assertThatThrownBy(() -> Arguments.parse(List.of("--only", "poison,flood")))
        .hasMessageContaining("hang-lock");
  }
}
