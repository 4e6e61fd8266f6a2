package io.github.safeconsumer.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NaiveReportTest {
  private static final Scale SCALE = new Scale(1, 100, 2, 2, 2, 5, Duration.ofSeconds(1));

  private final OrderFeed feed = new OrderFeed(SCALE);
  private final Journal journal = new Journal(1, SCALE.orders());

  @Test
  void shouldNameTheRecordThatFailsForEver() {
    int bad =
        IntStream.range(0, SCALE.orders())
            .filter(offset -> feed.kind(0, offset) == Kind.MALFORMED)
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < 7; i++) {
      journal.began(0, bad);
      journal.failed(0, bad);
    }

    assertThat(report(20).lines(3, 7, 0))
        .anyMatch(line -> line.endsWith("malformed body at " + bad + ", failed 7 times"))
        .anyMatch(line -> line.contains("80 records behind"));
  }

  @Test
  void shouldCountAGoodOrderUnderTheCommittedOffsetThatNobodyFulfilledAsLost() {
    complete(0);
    complete(2);
    assertThat(report(3).lost()).isEqualTo(1);
  }

  private NaiveReport report(long committed) {
    return new NaiveReport(feed, journal, new Offsets(List.of(committed), List.of(100L)));
  }

  private void complete(int offset) {
    journal.began(0, offset);
    journal.completed(0, offset);
  }
}
