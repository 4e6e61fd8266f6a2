package io.github.safeconsumer.sim.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.support.GroupProtocol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The scenarios on the simulated Kafka alone: chance does not change what is seen. */
class SimulatedScenariosTest {
  static Stream<Arguments> all() {
    return Arrays.stream(Scenario.values())
        .flatMap(
            scenario ->
                Stream.of(GroupProtocol.EAGER, GroupProtocol.COOPERATIVE, GroupProtocol.CONSUMER)
                    .map(protocol -> Arguments.of(scenario, protocol)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void shouldShowTheSameWhateverChanceDoes(Scenario scenario, GroupProtocol protocol) {
    Map<String, List<String>> first = run(scenario, protocol, 1);

    for (long seed = 2; seed <= 20; seed++) {
      assertThat(run(scenario, protocol, seed)).as("seed " + seed).isEqualTo(first);
    }
  }

  private static Map<String, List<String>> run(
      Scenario scenario, GroupProtocol protocol, long seed) {
    try (Script script = new Script(new SimGround(seed), protocol)) {
      scenario.body.accept(script);
      return Map.copyOf(script.seen());
    }
  }
}
