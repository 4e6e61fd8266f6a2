package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Judges a run by its ledger of facts, one after the other, as they happen. Of a killed process no
 * fact counts any more, but for what it had sent before.
 */
final class Oracle {
  private final Verdicts verdicts = new Verdicts();
  private final Circumstances circumstances = new Circumstances();
  private final Ownerships ownerships = new Ownerships(circumstances);
  private final LaneCheck lanes = new LaneCheck(verdicts, circumstances);
  private final OffsetCheck offsets = new OffsetCheck(verdicts, circumstances, ownerships);
  private final AttemptCheck attempts = new AttemptCheck(verdicts, circumstances, ownerships);
  private final NoteCheck notes = new NoteCheck(verdicts, circumstances, ownerships);
  private final CrashCheck crashes = new CrashCheck(verdicts, circumstances);
  private final CommandCheck commands = new CommandCheck(verdicts, circumstances);
  private final List<Check> checks = new ArrayList<>();
  private long facts;

  Oracle() {
    checks.add(ownerships);
    checks.add(offsets);
    checks.add(new CloseCheck(verdicts, circumstances, lanes::running));
    checks.add(lanes);
    checks.add(attempts);
    checks.add(notes);
    checks.add(new SoloCheck(verdicts, circumstances, notes));
    checks.add(crashes);
    checks.add(new HangCheck(verdicts, circumstances));
    checks.add(new BatchCheck(verdicts, circumstances));
    checks.add(commands);
    checks.add(new ClientCheck(verdicts, circumstances));
    checks.add(new PausedCheck(verdicts));
    checks.add(new CadenceCheck(verdicts, circumstances));
    checks.add(new RateCheck(verdicts, circumstances));
    checks.add(new BudgetCheck(verdicts, circumstances));
    checks.add(new TurnsCheck(verdicts, circumstances));
    checks.add(new CatchUpCheck(verdicts, offsets));
  }

  /** The next fact. */
  void see(long now, Fact fact) {
    if (fact instanceof Fact.OfConsumer of
        && !(fact instanceof Fact.Built)
        && !arrivesAfterDeath(fact)
        && circumstances.isKilled(of.consumer())) {
      return;
    }
    facts++;
    circumstances.see(now, fact);
    for (Check check : checks) {
      check.see(now, fact);
    }
  }

  private static boolean arrivesAfterDeath(Fact fact) {
    return fact instanceof Fact.Committed || fact instanceof Fact.Buried;
  }

  boolean failed() {
    return !verdicts.violations().isEmpty();
  }

  List<Verdicts.Violation> violations() {
    return verdicts.violations();
  }

  Map<Invariant, Long> premises() {
    return verdicts.premises();
  }

  Verdicts verdicts() {
    return verdicts;
  }

  OffsetCheck offsets() {
    return offsets;
  }

  CommandCheck commands() {
    return commands;
  }

  LaneCheck lanes() {
    return lanes;
  }

  AttemptCheck attempts() {
    return attempts;
  }

  NoteCheck notes() {
    return notes;
  }

  CrashCheck crashes() {
    return crashes;
  }

  long facts() {
    return facts;
  }
}
