package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.Progress;
import io.github.safeconsumer.internal.core.Records;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.InvalidCommitOffsetSizeException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Notes fit what brokers take, and what they take is learned. */
class CommitNotesTest {
  private final AtomicInteger limit = new AtomicInteger(CommitNotes.LONGEST_CHARS);
  private final CommitNotes notes = new CommitNotes(7, Map.of(), limit);

  private static Progress progress(int ranges) {
    List<OffsetRange> done = new ArrayList<>();
    long from = 1;
    for (int i = 0; i < ranges; i++) {
      done.add(new OffsetRange(from, from + 1 + i % 3));
      from += 1_000 + i * 37L;
    }
    OwnedPartition partition = Records.acquiring(new PauseGate());
    partition.place(0, Records.note(0, List.of(), done), 0);
    return Objects.requireNonNull(partition.progress(-1, 0));
  }

  @Test
  void shouldSendEverythingInAsManyRequestsAsItTakesAndInOrder() {
    List<CommitNotes.Sealed> left = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      left.add(new CommitNotes.Sealed(progress(0), "x".repeat(4_000), 0));
    }
    List<CommitNotes.Sealed> sent = new ArrayList<>();
    int requests = 0;
    while (!left.isEmpty()) {
      List<CommitNotes.Sealed> one = List.copyOf(notes.oneRequest(left));
      assertThat(one).isNotEmpty();
      assertThat(one.stream().mapToInt(s -> s.text().length()).sum())
          .as("what a request may carry")
          .isLessThanOrEqualTo(256 << 10);
      sent.addAll(one);
      left = new ArrayList<>(left.subList(one.size(), left.size()));
      requests++;
    }
    assertThat(sent).hasSize(200);
    assertThat(requests).isEqualTo(4);
  }

  @Test
  void shouldSendAnEntryThatIsTooLongForARequestAlone() {
    CommitNotes.Sealed huge = new CommitNotes.Sealed(progress(0), "x".repeat(300 << 10), 0);
    assertThat(notes.oneRequest(List.of(huge, huge))).containsExactly(huge);
    assertThat(notes.oneRequest(List.of())).isEmpty();
  }

  @Test
  void shouldHalveNotesDownToNoneAndNeverAskAgainWhetherTheyAreTooLong() {
    Exception refused = new OffsetMetadataTooLarge("too large");
    List<Integer> limits = new ArrayList<>();
    Progress progress = progress(2_000);
    while (notes.isTooLong(refused)) {
      CommitNotes.Sealed sealed = notes.seal(progress, 1);
      assertThat(sealed.text().length()).isLessThanOrEqualTo(limit.get());
      if (!sealed.text().isEmpty()) {
        assertThat(NoteCodec.decode(sealed.text(), 0, notes.identity("orders")))
            .isInstanceOf(Reading.Read.class);
        assertThat(sealed.noteShare()).as("it does not fit").isGreaterThan(1);
      }
      limits.add(limit.get());
      notes.shorten("test");
    }
    assertThat(limits).containsExactly(4_096, 2_048, 1_024, 512, 256, 128, 64);
    CommitNotes.Sealed none = notes.seal(progress, 1);
    assertThat(none.text()).isEmpty();
    assertThat(none.noteShare()).as("nothing to wait for").isZero();
    assertThat(none.commit().offset()).isZero();
  }

  @Test
  void shouldTakeOnlyRefusalsForSizeForSuch() {
    assertThat(notes.isTooLong(new InvalidCommitOffsetSizeException("x"))).isTrue();
    assertThat(notes.isTooLong(new RecordTooLargeException("x"))).isTrue();
    assertThat(notes.isTooLong(new TimeoutException("x"))).isFalse();
  }

  @Test
  void shouldShareARequestAmongAllPartitions() {
    CommitNotes.Sealed sealed = notes.seal(progress(2_000), 256);
    assertThat(sealed.text().length()).isLessThanOrEqualTo(1_024);
  }
}
