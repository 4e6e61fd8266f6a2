package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TyposTest {

  @ParameterizedTest
  @CsvSource({
    "abc, abc, 0",
    "abc, abd, 1",
    "abc, ac, 1",
    "abc, abcd, 1",
    "abc, acb, 1",
    "'', abc, 3",
    "kitten, sitting, 3",
    "ca, abc, 3"
  })
  void shouldCountEdits(String from, String to, int edits) {
    assertThat(Typos.edits(from, to)).isEqualTo(edits);
    assertThat(Typos.edits(to, from)).isEqualTo(edits);
  }

  /** One random edit of any setting is found again. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldFindTheSettingOneEditAway(long seed) {
    Random random = new Random(seed);
    for (String key : ConsumerConfig.configNames()) {
      int at = random.nextInt(key.length());
      String misspelt =
          random.nextBoolean()
              ? key.substring(0, at) + 'q' + key.substring(at)
              : key.substring(0, at) + key.substring(at + 1);

      assertThat(Typos.nearest(misspelt, ConsumerConfig.configNames()))
          .as("seed %d: %s for %s", seed, misspelt, key)
          .isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "groups", "completely.different", ""})
  void shouldNotGuessWildly(String key) {
    assertThat(Typos.nearest(key, List.of("group.id", "client.id", "max.poll.records"))).isEmpty();
  }
}
