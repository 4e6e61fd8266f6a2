package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.internal.diagnosis.CauseBuilder;
import io.github.safeconsumer.internal.diagnosis.Words;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** What members that are SafeConsumers left beside their offsets. */
final class Noted {
  /** What heals sooner is no news. */
  private static final Duration FAILS_FOR = Duration.ofSeconds(30);

  /** One death may be a deploy; owners that die one after the other die of something. */
  private static final int DEATHS = 2;

  /** What the last death is longer ago than that is over. */
  private static final Duration LATELY = Duration.ofMinutes(15);

  private final Looks looks;

  private Noted(Looks looks) {
    this.looks = looks;
  }

  static void add(Looks looks, List<Cause> causes) {
    Noted noted = new Noted(looks);
    List<Cause> failing = new ArrayList<>();
    List<Cause> deadly = new ArrayList<>();
    looks.now().logs().entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
        .forEach(
            entry ->
                entry
                    .getValue()
                    .note()
                    .ifPresent(
                        note -> {
                          noted
                              .failing(entry.getKey(), entry.getValue(), note)
                              .ifPresent(failing::add);
                          noted.deaths(entry.getKey(), note).ifPresent(deadly::add);
                        }));
    causes.addAll(deadly.subList(0, Math.min(GroupDiagnosis.MOST_OF_A_KIND, deadly.size())));
    causes.addAll(failing.subList(0, Math.min(GroupDiagnosis.MOST_OF_A_KIND, failing.size())));
  }

  /** Of a partition that nobody owns nothing is tried, whatever its last owner noted. */
  private Optional<Cause> failing(TopicPartition partition, Log log, Note note) {
    if (looks.now().owner(partition).isEmpty()) {
      return Optional.empty();
    }
    return note.retries().stream()
        .filter(entry -> hasStayed(partition, entry))
        .min(Comparator.comparing((RetryEntry entry) -> !entry.fate().owesDeadLetter()))
        .map(entry -> failing(partition, log, note, entry));
  }

  private boolean hasStayed(TopicPartition partition, RetryEntry entry) {
    boolean seen =
        looks
            .ago(Standstill.PATIENCE)
            .map(earlier -> earlier.logs().get(partition))
            .flatMap(Log::note)
            .filter(
                note -> note.retries().stream().anyMatch(other -> other.offset() == entry.offset()))
            .isPresent();
    boolean noted =
        entry.firstFailureSeconds() >= 0 && since(entry).plus(FAILS_FOR).isBefore(looks.now().at());
    return seen || noted;
  }

  private static Instant since(RetryEntry entry) {
    return Instant.ofEpochSecond(entry.firstFailureSeconds());
  }

  private Cause failing(TopicPartition partition, Log log, Note note, RetryEntry entry) {
    boolean given = entry.fate().owesDeadLetter();
    CauseBuilder cause =
        new CauseBuilder(given ? "BLOCKED_RECORD" : "BLOCKED_RETRYING")
            .place(partition, entry.offset())
            .says(" failed " + Words.count(entry.attempts(), "time"))
            .number("attempts", entry.attempts())
            .number("failing", note.retries().size())
            .number("lag", log.lag());
    if (entry.firstFailureSeconds() >= 0) {
      cause.since(Optional.of(since(entry)), looks.now().at());
    }
    if (given) {
      cause.says(
          " and is given up (" + entry.fate() + "), but is neither a dead letter nor skipped");
    }
    if (note.retries().size() > 1) {
      cause.says("; " + Words.count(note.retries().size() - 1L) + " more of its partition fail");
    }
    long ahead = note.done().stream().mapToLong(OffsetRange::count).sum();
    return cause
        .says("; " + Words.count(log.lag(), "record") + " of its partition wait")
        .says(ahead > 0 ? " to be committed, of which " + Words.count(ahead) + " are done" : "")
        .number("doneAhead", ahead)
        .remedy(
            given
                ? "make the dead-letter topic writable; where failed records wait for an operator,"
                    + " resolve(..) it at its owner, "
                    + owner(partition)
                : "mend what fails; the log and diagnose() of its owner, "
                    + owner(partition)
                    + ", name the exception");
  }

  private String owner(TopicPartition partition) {
    return looks.now().owner(partition).map(Sample.Member::name).orElse("nobody");
  }

  private Optional<Cause> deaths(TopicPartition partition, Note note) {
    CrashCase crash = note.crashCase();
    if (crash == null
        || crash.uncleanEnds() < DEATHS
        || Instant.ofEpochSecond(crash.updatedAtSeconds())
            .plus(LATELY)
            .isBefore(looks.now().at())) {
      return Optional.empty();
    }
    CauseBuilder cause =
        new CauseBuilder("CRASHES")
            .says(Words.count(crash.uncleanEnds(), "owner") + " of " + partition + " died in a row")
            .number("topic", partition.topic())
            .number("partition", partition.partition())
            .number("uncleanEnds", crash.uncleanEnds());
    if (crash.soloOffset() >= 0) {
      cause
          .says("; the record at offset " + crash.soloOffset() + " is tried by itself")
          .number("offset", crash.soloOffset());
    } else if (!crash.suspects().isEmpty()) {
      long suspects = crash.suspects().stream().mapToLong(range -> range.to() - range.from()).sum();
      long from = crash.suspects().get(0).from();
      cause
          .says(
              "; " + Words.count(suspects, "record") + " from offset " + from + " on are suspects")
          .number("offset", from)
          .number("suspects", suspects);
    }
    return Optional.of(
        cause.remedy(
            "look why the processes end (memory, exit codes); a record that ends them is found out"
                + " and given up"));
  }
}
