package io.github.safeconsumer.sim;

import io.github.safeconsumer.sim.kafka.FaultKind;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What many runs did, added up: idle virtual hours prove nothing. */
final class Tally {
  private long seeds;
  private long virtualNanos;
  private long steps;
  private long facts;
  private long attempts;
  private long kills;
  private long killings;
  private long convictions;
  private long innocent;
  private long stalls;
  private long repeatedAfterKill;
  private long repeatedAfterLoss;
  private long staleCommits;
  private long overtakings;
  private long foundDone;
  private long severalOwners;
  private final Map<String, Long> kinds = new TreeMap<>();
  private final Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
  private final Map<Invariant, Long> premises = new EnumMap<>(Invariant.class);
  private final Map<Command, Latencies> latencies = new EnumMap<>(Command.class);
  private final Latencies catchUps = new Latencies();

  synchronized void add(Simulation run) {
    seeds++;
    virtualNanos += run.scheduler().nanos();
    steps += run.scheduler().steps();
    facts += run.oracle().facts();
    attempts += run.attempts();
    kills += run.kills();
    killings += run.killings();
    convictions += run.oracle().crashes().convictions();
    innocent += run.oracle().crashes().innocent();
    stalls += run.stalls();
    repeatedAfterKill += run.oracle().offsets().repeatedAfterKill();
    repeatedAfterLoss += run.oracle().offsets().repeatedAfterLoss();
    staleCommits += run.oracle().offsets().staleCommits();
    overtakings += run.oracle().lanes().overtakings();
    foundDone += run.oracle().notes().foundDone();
    severalOwners += run.oracle().attempts().severalOwners();
    kinds.merge(
        run.plan().work().ordering() + " " + run.plan().work().form(), run.attempts(), Long::sum);
    run.faults().forEach((kind, count) -> faults.merge(kind, count, Long::sum));
    run.oracle().premises().forEach((which, count) -> premises.merge(which, count, Long::sum));
    run.oracle()
        .commands()
        .latencies()
        .forEach(
            (command, its) -> latencies.computeIfAbsent(command, c -> new Latencies()).addAll(its));
    catchUps.add(run.caughtUpAfter());
  }

  synchronized long seeds() {
    return seeds;
  }

  synchronized long premises(Invariant invariant) {
    return premises.getOrDefault(invariant, 0L);
  }

  synchronized String report(long realNanos) {
    StringBuilder text = new StringBuilder(4_000);
    double hours = virtualNanos / 3.6e12;
    line(
        text,
        "%d seeds, %.1f virtual hours in %.0f s (%.0f x real time), %,d steps, %,d facts",
        seeds,
        hours,
        realNanos / 1e9,
        virtualNanos / Math.max(1.0, (double) realNanos),
        steps,
        facts);
    line(
        text,
        "%,d attempts, %d kills (%.2f records handled again for each), %d stalls, %d records handled"
            + " again after a loss",
        attempts,
        kills,
        repeatedAfterKill / Math.max(1.0, (double) kills),
        stalls,
        repeatedAfterLoss);
    line(text, "attempts by order and form of the handler: %s", kinds);
    line(
        text,
        "%,d records done ahead of another of their partition; %,d ranges of such and %,d failed"
            + " records handed to the next owner",
        overtakings,
        foundDone,
        severalOwners);
    line(
        text,
        "%d processes killed by records; %d records convicted, %d of them for kills from outside",
        killings,
        convictions,
        innocent);
    line(text, "commits of expelled members that the group took: %d", staleCommits);
    line(text, "everything handled after the last fault: %s", catchUps);
    line(text, "faults injected:");
    for (FaultKind kind : FaultKind.values()) {
      line(text, "  %-24s %,d", kind, faults.getOrDefault(kind, 0L));
    }
    line(text, "commands, from call to APPLIED, in virtual time:");
    latencies.forEach((command, its) -> line(text, "  %-24s %s", command, its));
    line(text, "invariants, and how often there was something to check:");
    for (Invariant invariant : Invariant.values()) {
      line(
          text,
          "  %-4s %-70s %,d",
          invariant,
          invariant.meaning,
          premises.getOrDefault(invariant, 0L));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
