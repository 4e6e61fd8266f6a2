package io.github.safeconsumer.sim.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.support.GroupProtocol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the simulation proves of the library holds as far as the simulated Kafka is like Kafka. */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class SimulatedKafkaAgreementIT {
  static Stream<Arguments> all() {
    List<GroupProtocol> protocols =
        Boolean.getBoolean("safeconsumer.long") ? GroupProtocol.dynamic() : GroupProtocol.each();
    return Arrays.stream(Scenario.values())
        .flatMap(scenario -> protocols.stream().map(p -> Arguments.of(scenario, p)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void shouldDoAsARealBrokerAndItsClientsDo(Scenario scenario, GroupProtocol protocol) {
    Map<String, List<String>> simulated = run(scenario, protocol, new SimGround(7));
    Map<String, List<String>> real = run(scenario, protocol, new RealGround());

    assertThat(simulated).isEqualTo(real);
  }

  private static Map<String, List<String>> run(
      Scenario scenario, GroupProtocol protocol, Ground ground) {
    try (ground;
        Script script = new Script(ground, protocol)) {
      scenario.body.accept(script);
      return Map.copyOf(script.seen());
    }
  }
}
