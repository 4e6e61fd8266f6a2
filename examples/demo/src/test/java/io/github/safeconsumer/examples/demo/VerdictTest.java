package io.github.safeconsumer.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Begins with evidence that nothing is wrong with, spoils one thing, and asks which check fails.
 */
class VerdictTest {
  private static final int ATTEMPTS = 4;
  private static final Scale SCALE = new Scale(2, 100, 2, 2, 2, 5, Duration.ofSeconds(1));

  private final OrderFeed feed = new OrderFeed(SCALE);
  private final Journal journal = new Journal(SCALE.partitions(), SCALE.orders());
  private final List<DeadLetterCopy> deadLetters = new ArrayList<>();
  private Offsets offsets = new Offsets(List.of(100L, 100L), List.of(100L, 100L));
  private long rebalances = 0;
  private Set<Integer> generations = Set.of(1);
  private Set<Set<String>> memberships = Set.of(Set.of("member"));
  private int membersAfterClose = 0;

  @Test
  void shouldPassWhenEveryRecordCameToItsProperEnd() {
    handleAll();
    assertThat(failed()).isEmpty();
  }

  @Test
  void shouldFailWhenNothingWasHandled() {
    assertThat(failed()).contains("nothing lost", "exactly the bad ones dead-lettered");
  }

  @Test
  void shouldFailWhenOneOrderIsLost() {
    int lost = first(0, Kind.ORDINARY);
    handleAllBut(0, lost);
    assertThat(failed()).containsExactly("nothing lost", "retries as configured");
    assertThat(details()).anyMatch(detail -> detail.contains("0@" + lost));
  }

  @Test
  void shouldFailWhenAnOrderWasGivenUpBeforeItSucceeded() {
    int declined = first(1, Kind.DECLINED_TWICE);
    handleAllBut(1, declined);
    fail(1, declined, 3);
    assertThat(failed()).contains("nothing lost");
  }

  @Test
  void shouldFailWhenAnOrderIsFulfilledTwice() {
    handleAll();
    complete(1, SCALE.orders() - 1);
    assertThat(failed()).containsExactly("nothing twice", "retries as configured");
  }

  @Test
  void shouldFailWhenADeadLetterIsMissing() {
    handleAll();
    deadLetters.remove(0);
    assertThat(failed()).containsExactly("exactly the bad ones dead-lettered");
  }

  @Test
  void shouldFailWhenAGoodOrderIsDeadLettered() {
    handleAll();
    deadLetters.add(letter(0, first(0, Kind.SLOW)));
    assertThat(failed()).containsExactly("exactly the bad ones dead-lettered");
  }

  @Test
  void shouldFailWhenADeadLetterIsThereTwice() {
    handleAll();
    deadLetters.add(deadLetters.get(0));
    assertThat(failed()).containsExactly("exactly the bad ones dead-lettered");
  }

  @Test
  void shouldFailWhenADeadLetterCarriesAnotherBody() {
    handleAll();
    DeadLetterCopy letter = deadLetters.remove(0);
    deadLetters.add(
        new DeadLetterCopy(
            letter.topic(), letter.partition(), letter.offset(), letter.key(), new byte[] {1}));
    assertThat(failed()).containsExactly("exactly the bad ones dead-lettered");
  }

  @Test
  void shouldFailWhenADeadLetterNamesAnotherTopicOrOffset() {
    handleAll();
    deadLetters.add(new DeadLetterCopy("payments", 0, 0, new byte[0], new byte[0]));
    assertThat(failed()).containsExactly("exactly the bad ones dead-lettered");
    deadLetters.set(
        deadLetters.size() - 1,
        new DeadLetterCopy("orders", 0, SCALE.orders(), new byte[0], new byte[0]));
    assertThat(failed()).containsExactly("exactly the bad ones dead-lettered");
  }

  @Test
  void shouldFailWhenABadRecordIsTriedMoreOftenThanConfigured() {
    handleAll();
    int last = -1;
    for (int offset = 0; offset < SCALE.orders(); offset++) {
      last = feed.kind(0, offset) == Kind.UNKNOWN_CUSTOMER ? offset : last;
    }
    fail(0, last, 1);
    assertThat(failed()).contains("retries as configured");
  }

  @Test
  void shouldFailWhenAPartitionIsHandledOutOfOrder() {
    complete(0, 1);
    complete(0, 0);
    assertThat(failed()).contains("order kept in each partition");
  }

  @Test
  void shouldFailWhenTheGroupRebalanced() {
    handleAll();
    rebalances = 1;
    assertThat(failed()).containsExactly("no rebalance after the first");
  }

  @Test
  void shouldFailWhenRecordsWereHandledInTwoGenerations() {
    handleAll();
    generations = Set.of(1, 2);
    assertThat(failed()).containsExactly("no rebalance after the first");
  }

  @Test
  void shouldFailWhenTheBrokerSawAnotherMember() {
    handleAll();
    memberships = Set.of(Set.of("member"), Set.of("member under another id"));
    assertThat(failed()).containsExactly("no rebalance after the first");
  }

  @Test
  void shouldFailWhenTheLastOffsetIsNotCommitted() {
    handleAll();
    offsets = new Offsets(List.of(100L, 99L), List.of(100L, 100L));
    assertThat(failed()).containsExactly("everything committed");
  }

  @Test
  void shouldFailWhenTheTopicDoesNotHoldWhatWasWritten() {
    handleAll();
    offsets = new Offsets(List.of(100L, 90L), List.of(100L, 90L));
    assertThat(failed()).containsExactly("everything committed");
  }

  @Test
  void shouldFailWhenAMemberStaysBehind() {
    handleAll();
    membersAfterClose = 1;
    assertThat(failed()).containsExactly("left the group");
  }

  private void handleAll() {
    handleAllBut(-1, -1);
  }

  private void handleAllBut(int partition, int offset) {
    for (int p = 0; p < SCALE.partitions(); p++) {
      for (int o = 0; o < SCALE.orders(); o++) {
        if (p != partition || o != offset) {
          handle(p, o);
        }
      }
    }
  }

  private void handle(int partition, int offset) {
    switch (feed.kind(partition, offset)) {
      case ORDINARY, SLOW -> complete(partition, offset);
      case DECLINED_TWICE -> {
        fail(partition, offset, 2);
        complete(partition, offset);
      }
      case UNKNOWN_CUSTOMER -> {
        fail(partition, offset, ATTEMPTS);
        deadLetters.add(letter(partition, offset));
      }
      case MALFORMED -> deadLetters.add(letter(partition, offset));
    }
  }

  private void complete(int partition, int offset) {
    journal.began(partition, offset);
    journal.completed(partition, offset);
  }

  private void fail(int partition, int offset, int times) {
    for (int i = 0; i < times; i++) {
      journal.began(partition, offset);
      journal.failed(partition, offset);
    }
  }

  private DeadLetterCopy letter(int partition, int offset) {
    return new DeadLetterCopy(
        "orders", partition, offset, feed.key(partition, offset), feed.body(partition, offset));
  }

  private int first(int partition, Kind kind) {
    for (int offset = 0; offset < SCALE.orders(); offset++) {
      if (feed.kind(partition, offset) == kind) {
        return offset;
      }
    }
    throw new IllegalStateException("no " + kind + " in partition " + partition);
  }

  private List<Check> checks() {
    Evidence evidence =
        new Evidence(
            feed,
            journal,
            offsets,
            deadLetters,
            rebalances,
            generations,
            memberships,
            membersAfterClose);
    return Verdict.of(evidence, "orders", ATTEMPTS);
  }

  private List<String> failed() {
    return checks().stream().filter(check -> !check.passed()).map(Check::name).toList();
  }

  private List<String> details() {
    return checks().stream().map(Check::detail).toList();
  }
}
