package io.github.safeconsumer.crash;

import io.github.safeconsumer.support.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Keeps a number of members running, as an orchestrator of containers does: who ends, for whatever
 * reason, is replaced at once. The journal says of each one when its process was gone.
 *
 * <p>One thread looks after the members; it and the test meet at the monitor of this object.
 */
final class Orchestrator implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(150);
  private static final long LOOK_EVERY_MILLIS = 20;
  private static final int LAST_LINES = 15;

  /** A process that ended though nobody had asked it to. */
  record Death(String member, int exitCode, List<String> lastLines) {
    @Override
    public String toString() {
      return member + " with exit code " + exitCode + ": " + String.join("\n    ", lastLines);
    }
  }

  private final CrashMember.Setup setup;
  private final SharedJournal journal;
  private final Map<String, ChildJvm> alive = new LinkedHashMap<>();
  private final Map<String, ChildJvm> asked = new LinkedHashMap<>();
  private final List<Death> deaths = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "orchestrator");
  private int started;
  private boolean replacing = true;
  private boolean closed;

  /** Starts so many. */
  Orchestrator(CrashMember.Setup setup, SharedJournal journal, int members) {
    this.setup = setup;
    this.journal = journal;
    for (int i = 0; i < members; i++) {
      join();
    }
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void join() {
    String name = "m" + ++started;
    alive.put(name, setup.start(name));
  }

  private void run() {
    try {
      while (replaceTheDead()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS); // the pace of looking, not a wait
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean replaceTheDead() {
    if (closed) {
      return false;
    }
    for (String name : List.copyOf(alive.keySet())) {
      ChildJvm member = alive.get(name);
      if (!member.isAlive()) {
        journal.write(new Fact.Killed(name, System.nanoTime()));
        alive.remove(name);
        if (asked.remove(name) == null) {
          List<String> lines = member.lines();
          deaths.add(
              new Death(
                  name,
                  member.awaitExit(SOON),
                  List.copyOf(
                      lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()))));
        }
        replace();
      }
    }
    return true;
  }

  /** Waits until all members have partitions; members that join meanwhile included. */
  void awaitAllAtWork() {
    List<ChildJvm> members;
    synchronized (this) {
      members = List.copyOf(alive.values());
    }
    members.forEach(member -> member.awaitLine(CrashMember.ASSIGNED, SOON));
  }

  /** Waits until all are members of the group; with few partitions not all get one. */
  void awaitAllJoined() {
    List<ChildJvm> members;
    synchronized (this) {
      members = List.copyOf(alive.values());
    }
    members.forEach(member -> member.awaitLine(CrashMember.JOINED, SOON));
  }

  /** Names of the members that are there. */
  synchronized List<String> names() {
    return List.copyOf(alive.keySet());
  }

  /** Names of the members that have had partitions. */
  synchronized List<String> atWork() {
    return alive.entrySet().stream()
        .filter(
            one ->
                one.getValue().lines().stream()
                    .anyMatch(line -> line.startsWith(CrashMember.ASSIGNED)))
        .map(Map.Entry::getKey)
        .collect(Collectors.toList());
  }

  /** Asks a member to end, as SIGTERM does. It is replaced when it has ended. */
  synchronized void terminate(String name) {
    asked.put(name, alive.get(name));
    alive.get(name).stop();
  }

  /** Kills a member (-9) and replaces it. */
  synchronized void kill(String name) {
    ChildJvm member = alive.get(name);
    if (!member.isAlive() && !asked.containsKey(name)) {
      throw new AssertionError(name + " ended by itself: " + String.join("\n", member.lines()));
    }
    member.kill();
    journal.write(new Fact.Killed(name, System.nanoTime()));
    asked.remove(name);
    alive.remove(name);
    replace();
  }

  private synchronized void replace() {
    if (replacing) {
      join();
    }
  }

  /** Who ends from now on is missing. */
  synchronized void stopReplacing() {
    replacing = false;
  }

  synchronized boolean isAlive(String name) {
    return alive.containsKey(name);
  }

  /** Stops the process (SIGSTOP); what it owned counts as lost from here on. */
  synchronized void freeze(String name) {
    alive.get(name).freeze();
    Ownerships ownerships = new Ownerships();
    journal.read(ownerships::see);
    journal.write(
        new Fact.Frozen(
            name, ownerships.open(name).stream().map(Ownership::partition).sorted().toList()));
  }

  /** Lets it go on (SIGCONT). */
  synchronized void thaw(String name) {
    alive.get(name).thaw();
  }

  /** Those that ended by themselves so far. */
  synchronized List<Death> deaths() {
    return List.copyOf(deaths);
  }

  /** How many were started so far. */
  synchronized int started() {
    return started;
  }

  /** Lets all members end as SIGTERM does, and replaces nobody any more. */
  void leave() {
    List<ChildJvm> members;
    synchronized (this) {
      closed = true;
      members = List.copyOf(alive.values());
    }
    members.forEach(ChildJvm::stop);
    members.forEach(member -> member.awaitExit(SOON));
  }

  /** What the members printed last, for the message of a failed test. */
  synchronized String printed() {
    return alive.entrySet().stream()
        .map(one -> one.getKey() + ":\n  " + String.join("\n  ", tail(one.getValue().lines())))
        .collect(Collectors.joining("\n"));
  }

  private static List<String> tail(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
  }

  @Override
  public void close() {
    List<ChildJvm> members;
    synchronized (this) {
      closed = true;
      members = List.copyOf(alive.values());
    }
    members.forEach(ChildJvm::close);
  }
}
