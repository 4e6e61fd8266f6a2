package io.github.safeconsumer.sim;

import io.github.safeconsumer.DeadLetter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** S21: what becomes a dead letter for hanging had hung, and what hangs for good becomes one. */
final class HangCheck implements Check {
  /** It had begun for the library a little earlier. */
  private static final long BEHIND = 200_000_000L;

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Set<String> hanging = new HashSet<>();

  /** When an attempt of the record began first. */
  private final Map<String, Long> begun = new HashMap<>();

  HangCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Hangs hangs) {
      hanging.add(hangs.partition() + "@" + hangs.offset());
    } else if (fact instanceof Fact.Begun record) {
      begun.putIfAbsent(record.partition() + "@" + record.offset(), now);
    } else if (fact instanceof Fact.Recreated recreated) {
      hanging.removeIf(record -> record.startsWith(recreated.topic() + "-"));
      begun.keySet().removeIf(record -> record.startsWith(recreated.topic() + "-"));
    } else if (fact instanceof Fact.Misused misused && misused.rule().equals("S21")) {
      verdicts.violated(Invariant.S21, misused.what());
    } else if (fact instanceof Fact.Buried buried) {
      buried(now, buried);
    }
  }

  private void buried(long now, Fact.Buried buried) {
    String record = buried.partition() + "@" + buried.offset();
    boolean hung = buried.reason() == DeadLetter.Reason.HUNG;
    if (hung || hanging.contains(record)) {
      verdicts.checked(Invariant.S21);
    }
    long timeout = circumstances.traits(buried.consumer()).timeoutNanos();
    if (hung && (timeout == 0 || now - begun.getOrDefault(record, now) < timeout - BEHIND)) {
      verdicts.violated(Invariant.S21, buried + " did not run for so long");
    }
    if (!hung && hanging.contains(record)) {
      verdicts.violated(Invariant.S21, buried + " hangs");
    }
  }
}
