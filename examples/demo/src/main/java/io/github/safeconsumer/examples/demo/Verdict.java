package io.github.safeconsumer.examples.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What SafeConsumer promised, held against the evidence. */
final class Verdict {
  /** So many offsets are named of all that failed a check. */
  private static final int EXAMPLES = 5;

  private final Evidence evidence;
  private final OrderFeed feed;
  private final Journal journal;
  private final String topic;
  private final int maxAttempts;

  private Verdict(Evidence evidence, String topic, int maxAttempts) {
    this.evidence = evidence;
    this.feed = evidence.feed();
    this.journal = evidence.journal();
    this.topic = topic;
    this.maxAttempts = maxAttempts;
  }

  /** Every check, passed or not. */
  static List<Check> of(Evidence evidence, String topic, int maxAttempts) {
    Verdict verdict = new Verdict(evidence, topic, maxAttempts);
    return List.of(
        verdict.nothingLost(),
        verdict.nothingTwice(),
        verdict.rightDeadLetters(),
        verdict.inOrder(),
        verdict.boundedAttempts(),
        verdict.noRebalance(),
        verdict.allCommitted(),
        verdict.leftTheGroup());
  }

  private Check nothingLost() {
    Tally lost = new Tally();
    long good = 0;
    for (Position position : positions()) {
      if (!feed.kind(position.partition, position.offset).bad()) {
        good++;
        lost.addIf(journal.completions(position.partition, position.offset) == 0, position);
      }
    }
    return new Check(
        "nothing lost",
        lost.isEmpty(),
        number(good - lost.count) + " of " + number(good) + " good orders fulfilled" + lost);
  }

  private Check nothingTwice() {
    Tally twice = new Tally();
    for (Position position : positions()) {
      twice.addIf(journal.completions(position.partition, position.offset) > 1, position);
    }
    return new Check(
        "nothing twice",
        twice.isEmpty(),
        number(twice.count) + " orders fulfilled more than once" + twice);
  }

  private Check rightDeadLetters() {
    Map<Position, DeadLetterCopy> letters = new HashMap<>();
    Set<DeadLetterCopy> strangers = new HashSet<>();
    Tally repeated = new Tally();
    for (DeadLetterCopy letter : evidence.deadLetters()) {
      if (!isOfTheFeed(letter)) {
        strangers.add(letter);
        continue;
      }
      Position position = new Position(letter.partition(), (int) letter.offset());
      repeated.addIf(letters.put(position, letter) != null, position);
    }
    Tally missing = new Tally();
    Tally wrong = new Tally();
    Tally changed = new Tally();
    long bad = 0;
    for (Position position : positions()) {
      boolean isBad = feed.kind(position.partition, position.offset).bad();
      DeadLetterCopy letter = letters.get(position);
      bad += isBad ? 1 : 0;
      missing.addIf(isBad && letter == null, position);
      wrong.addIf(!isBad && letter != null, position);
      changed.addIf(isBad && letter != null && !isUnchanged(letter, position), position);
    }
    List<String> problems = new ArrayList<>();
    missing.report("missing", problems);
    wrong.report("good orders among them", problems);
    changed.report("key or body changed", problems);
    repeated.report("written more than once", problems);
    if (!strangers.isEmpty()) {
      problems.add(strangers.size() + " from elsewhere");
    }
    return new Check(
        "exactly the bad ones dead-lettered",
        problems.isEmpty(),
        number(evidence.deadLetters().size())
            + " dead letters for "
            + number(bad)
            + " bad records"
            + (problems.isEmpty() ? "" : ": " + String.join("; ", problems)));
  }

  private boolean isOfTheFeed(DeadLetterCopy letter) {
    return letter.topic().equals(topic)
        && letter.partition() >= 0
        && letter.partition() < feed.scale().partitions()
        && letter.offset() >= 0
        && letter.offset() < feed.scale().orders();
  }

  private boolean isUnchanged(DeadLetterCopy letter, Position position) {
    return letter.carries(
        feed.key(position.partition, position.offset),
        feed.body(position.partition, position.offset));
  }

  private Check inOrder() {
    return new Check(
        "order kept in each partition",
        journal.outOfOrder() == 0,
        number(journal.outOfOrder()) + " attempts began out of order");
  }

  private Check boundedAttempts() {
    Tally wrong = new Tally();
    for (Position position : positions()) {
      int attempts = journal.attempts(position.partition, position.offset);
      wrong.addIf(attempts != expectedAttempts(position), position);
    }
    return new Check(
        "retries as configured",
        wrong.isEmpty(),
        number(journal.retried())
            + " retries; "
            + number(wrong.count)
            + " records tried more or less often than they should"
            + wrong);
  }

  private int expectedAttempts(Position position) {
    return switch (feed.kind(position.partition, position.offset)) {
      case ORDINARY, SLOW -> 1;
      case DECLINED_TWICE -> 3;
      case UNKNOWN_CUSTOMER -> maxAttempts;
      case MALFORMED -> 0; // never reaches the handler
    };
  }

  private Check noRebalance() {
    boolean passed =
        evidence.rebalances() == 0
            && evidence.generations().size() == 1
            && evidence.memberships().size() == 1;
    return new Check(
        "no rebalance after the first",
        passed,
        evidence.rebalances()
            + " rebalances, generations "
            + evidence.generations()
            + ", "
            + evidence.memberships().size()
            + " membership seen by the broker");
  }

  private Check allCommitted() {
    Offsets offsets = evidence.offsets();
    boolean whole = offsets.end().stream().allMatch(end -> end == feed.scale().orders());
    return new Check(
        "everything committed",
        whole && offsets.committed().equals(offsets.end()),
        "committed " + offsets.committed() + ", log ends " + offsets.end());
  }

  private Check leftTheGroup() {
    int left = evidence.membersAfterClose();
    return new Check("left the group", left == 0, left + " members after close");
  }

  private List<Position> positions() {
    List<Position> all = new ArrayList<>();
    for (int partition = 0; partition < feed.scale().partitions(); partition++) {
      for (int offset = 0; offset < feed.scale().orders(); offset++) {
        all.add(new Position(partition, offset));
      }
    }
    return all;
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private record Position(int partition, int offset) {
    @Override
    public String toString() {
      return partition + "@" + offset;
    }
  }

  /** Records that failed a check: how many, and the first few. */
  private static final class Tally {
    private final List<Position> examples = new ArrayList<>();
    private long count;

    void addIf(boolean failed, Position position) {
      if (failed) {
        count++;
        if (examples.size() < EXAMPLES) {
          examples.add(position);
        }
      }
    }

    boolean isEmpty() {
      return count == 0;
    }

    void report(String what, List<String> problems) {
      if (count > 0) {
        problems.add(number(count) + " " + what + this);
      }
    }

    @Override
    public String toString() {
      return count == 0
          ? ""
          : " (partition@offset " + examples + (count > EXAMPLES ? " ...)" : ")");
    }
  }
}
