package io.github.safeconsumer.crash;

import io.github.safeconsumer.support.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members of one group, each in a JVM of its own; those that are killed are replaced. */
final class Crew implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final CrashMember.Setup setup;
  private final SharedJournal journal;
  private final Map<String, ChildJvm> alive = new LinkedHashMap<>();
  private int started;

  Crew(CrashMember.Setup setup, SharedJournal journal) {
    this.setup = setup;
    this.journal = journal;
  }

  /** Starts another member and returns its name. */
  String join() {
    return join(setup, System.getProperty("java.class.path"));
  }

  /** Starts another member of the group, as it is set up here and with these jars. */
  String join(CrashMember.Setup own, String classPath) {
    String name = "m" + ++started;
    alive.put(name, own.start(name, classPath));
    return name;
  }

  /** Lets a member end as SIGTERM does, and returns when it has ended. */
  void leave(String name) {
    ChildJvm member = alive.remove(name);
    member.stop();
    member.awaitExit(SOON);
  }

  /** Waits until the member has partitions. */
  void awaitWork(String name) {
    alive.get(name).awaitLine(CrashMember.ASSIGNED, SOON);
  }

  /** Kills a member at once; when this returns it does nothing more, and the journal says so. */
  void kill(String name) {
    ChildJvm member = alive.remove(name);
    if (!member.isAlive()) {
      throw new AssertionError(name + " ended by itself: " + String.join("\n", member.lines()));
    }
    member.kill();
    journal.write(new Fact.Killed(name, System.nanoTime()));
  }

  /** Those that have partitions. */
  List<String> atWork() {
    List<String> atWork = new ArrayList<>();
    alive.forEach(
        (name, member) -> {
          if (member.lines().stream().anyMatch(line -> line.startsWith(CrashMember.ASSIGNED))) {
            atWork.add(name);
          }
        });
    return atWork;
  }

  /** Lets all members end as SIGTERM does, one after the other. */
  void leave() {
    alive.values().forEach(ChildJvm::stop);
    alive.values().forEach(member -> member.awaitExit(SOON));
  }

  @Override
  public void close() {
    alive.values().forEach(ChildJvm::close);
  }
}
