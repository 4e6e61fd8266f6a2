package io.github.safeconsumer.internal.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.internal.replay.Scan.Span;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PositionsTest {
  private static final TopicPartition ZERO = new TopicPartition("dead", 0);
  private static final ReplayState WANTED =
      new ReplayState(0, "topic-1", Optional.empty(), "all; end=3");

  private static Positions positions(long begin, long end, OffsetAndMetadata stored) {
    return Positions.of(
        "id-1",
        WANTED,
        new Positions.Found(
            Map.of(ZERO, begin), Map.of(ZERO, end), Collections.singletonMap(ZERO, stored)));
  }

  private static OffsetAndMetadata stored(long offset, long end, String topicId) {
    return new OffsetAndMetadata(
        offset, new ReplayState(end, topicId, WANTED.target(), WANTED.filter()).text());
  }

  @Test
  void shouldStandForWhatIsThereWhenTheIdIsNew() {
    Positions fresh = positions(5, 20, null);

    assertThat(fresh.resumed()).isFalse();
    assertThat(fresh.spans()).isEqualTo(Map.of(ZERO, new Span(5, 20)));
  }

  @Test
  void shouldGoOnToTheEndThatTheFirstRunSawFromWhatItStored() {
    Positions first = positions(5, 20, null);
    first.passed(ZERO, 11);
    Positions second = positions(5, 90, first.toStore().get(ZERO));

    assertThat(second.resumed()).isTrue();
    assertThat(second.spans()).isEqualTo(Map.of(ZERO, new Span(12, 20)));
    second.complete();
    assertThat(positions(5, 90, second.toStore().get(ZERO)).spans().get(ZERO).isEmpty()).isTrue();
  }

  @Test
  void shouldRefuseATopicThatWasCreatedAgainOrCut() {
    assertThatThrownBy(() -> positions(0, 90, stored(12, 20, "topic-0")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("id=id-1", "created again");
    assertThatThrownBy(() -> positions(0, 11, stored(12, 20, "topic-1")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cut");
  }

  @Test
  void shouldRefuseOffsetsThatNoReplayHasWritten() {
    assertThatThrownBy(() -> positions(0, 90, new OffsetAndMetadata(3, "by hand")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no replay has written");
  }

  @Test
  void shouldNotWarnOfWhatRetentionTookOnceItWasDone() {
    assertThat(positions(50, 90, stored(20, 20, "topic-1")).warnings()).isEmpty();
    assertThat(positions(15, 90, stored(12, 20, "topic-1")).warnings())
        .anyMatch(w -> w.contains("removed 3 offsets"));
  }

  @Test
  void shouldStoreALongFilterAsItsHashWithinTheBrokersRoom() {
    String filter = "exception~" + "x".repeat(50_000);
    ReplayState state =
        new ReplayState(
            Long.MAX_VALUE / 10,
            "t".repeat(22),
            Optional.of("a".repeat(249)),
            ReplayState.storable(filter));

    assertThat(state.text()).hasSizeLessThan(4096);
    assertThat(ReplayState.read(state.text())).contains(state);
    assertThat(ReplayState.storable(filter)).isNotEqualTo(ReplayState.storable(filter + "y"));
    assertThat(ReplayState.storable("short")).isEqualTo("short");
  }
}
