package io.github.safeconsumer.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.examples.demo.report.Finding;
import io.github.safeconsumer.examples.demo.report.Mark;
import io.github.safeconsumer.examples.demo.report.Sample;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private final AtomicLong nanos = new AtomicLong(-7);
  private final Timeline timeline = new Timeline(nanos::get);

  private void after(double seconds) {
    nanos.addAndGet(Math.round(seconds * 1e9));
  }

  private static Cause cause(String code, String evidence) {
    return new Cause(code, evidence, "do something", Map.of());
  }

  @Test
  void shouldKeepWhatHappensToEachGroupWithItsTime() {
    timeline.begin();
    after(0.25);
    timeline.sample("a", 10, 1);
    timeline.sample("b", 20, 2);
    after(0.25);
    timeline.mark("b", Mark.Kind.CRASH, "member 1");

    assertThat(timeline.of("a").samples()).containsExactly(new Sample(0.25, 10, 1));
    assertThat(timeline.of("b").samples()).containsExactly(new Sample(0.25, 20, 2));
    assertThat(timeline.of("a").marks()).isEmpty();
    assertThat(timeline.of("b").marks())
        .containsExactly(new Mark(0.5, Mark.Kind.CRASH, "member 1"));
  }

  @Test
  void shouldIgnoreWhatHappensBeforeAndAfterTheRun() {
    timeline.mark("a", Mark.Kind.REBALANCE, "of the join");
    timeline.begin();
    timeline.end();
    timeline.mark("a", Mark.Kind.REBALANCE, "of the close");
    timeline.sample("a", 1, 1);
    timeline.diagnosed(List.of(cause("CODE", "evidence")));

    assertThat(timeline.of("a").marks()).isEmpty();
    assertThat(timeline.of("a").samples()).isEmpty();
    assertThat(timeline.findings()).isEmpty();
  }

  @Test
  void shouldKeepACauseAsOneThatIsNamedAgainAndAgain() {
    timeline.begin();
    timeline.diagnosed(List.of(cause("CODE", "1 behind")));
    after(0.5);
    timeline.diagnosed(List.of(cause("CODE", "2 behind"), cause("OTHER", "other")));
    after(0.5);
    timeline.diagnosed(List.of(cause("CODE", "3 behind")));

    assertThat(timeline.findings())
        .containsExactly(
            new Finding(0, 1, "CODE", "1 behind", "3 behind", "do something"),
            new Finding(0.5, 0.5, "OTHER", "other", "other", "do something"));
  }

  @Test
  void shouldBeginAnewWhereACauseWasNotNamedForAWhile() {
    timeline.begin();
    timeline.diagnosed(List.of(cause("CODE", "1 behind")));
    after(2);
    timeline.diagnosed(List.of(cause("CODE", "2 behind")));

    assertThat(timeline.findings()).extracting(Finding::from).containsExactly(0.0, 2.0);
  }
}
