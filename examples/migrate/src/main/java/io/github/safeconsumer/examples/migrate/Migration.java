package io.github.safeconsumer.examples.migrate;

import io.github.safeconsumer.examples.migrate.member.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/**
 * A group goes from a peer to SafeConsumer and back to the peer, while records come. Counted is
 * what the journals of the three members say, and what the broker has committed.
 */
final class Migration implements AutoCloseable {
  /** How one member takes over from the one before. */
  enum Way {
    /** The old one is closed, then the new one is started. */
    STOP_AND_START,
    /** The new one joins, and once it has handled something the old one is closed. */
    ROLLING,
    /** The old one is killed, then the new one is started. */
    KILL
  }

  /**
   * @param records how many there were
   * @param shares how many each of the three members handled
   * @param lost never handled
   * @param twice what was handled before and is handled again after the change there, and after the
   *     change back
   * @param uncommitted handled and not committed when the old member was gone, there and back: as
   *     much may be handled again. Not known of a rolling change
   * @param notes whether something stood beside the offsets, there and back
   * @param atTheEnd whether all is committed
   */
  record Result(
      Kind peer,
      Way way,
      long records,
      List<Integer> shares,
      long lost,
      List<Integer> twice,
      List<Long> uncommitted,
      List<Boolean> notes,
      boolean atTheEnd) {
    /** What must hold whatever the way: what was not committed may be repeated, and no more. */
    boolean holds() {
      return lost == 0
          && atTheEnd
          && shares.stream().allMatch(share -> share > 0)
          && IntStream.range(0, uncommitted.size())
              .allMatch(change -> twice.get(change) <= uncommitted.get(change));
    }
  }

  private static final int SHARE = 300;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

  private final Kind peer;
  private final Way way;
  private final Spec spec;
  private final Group group;
  private final Feed feed;
  private final Path directory;
  private final List<Child> members = new ArrayList<>();
  private final List<Boolean> notes = new ArrayList<>();
  private final List<Long> uncommitted = new ArrayList<>();

  /** The topic exists. */
  Migration(
      Kind peer,
      Way way,
      Spec spec,
      Admin admin,
      Producer<String, String> producer,
      Path directory) {
    this.peer = peer;
    this.way = way;
    this.spec = spec;
    this.directory = directory;
    group = new Group(admin, spec.group(), spec.topic());
    feed = new Feed(producer, spec.topic());
  }

  Result run() throws Exception {
    Child before = start(peer);
    await(before, SHARE);
    Child safe = change(before, Kind.SAFE);
    await(safe, SHARE);
    Child after = change(safe, peer);
    await(after, SHARE);
    long records = feed.end();
    awaitTrue(group::isAtTheEnd, "the commit of the last record");
    after.end();
    Set<Child.Place> distinct = new HashSet<>();
    List<Integer> shares = new ArrayList<>();
    List<Integer> twice = new ArrayList<>();
    for (Child member : members) {
      List<Child.Place> handled = member.handled();
      int known = distinct.size();
      distinct.addAll(handled);
      shares.add(handled.size());
      twice.add(handled.size() - (distinct.size() - known));
    }
    return new Result(
        peer,
        way,
        records,
        shares,
        records - distinct.size(),
        twice.subList(1, twice.size()),
        uncommitted,
        notes,
        group.isAtTheEnd() && twice.get(0) == 0);
  }

  private Child change(Child old, Kind next) throws Exception {
    Child fresh = null;
    if (way == Way.ROLLING) {
      fresh = start(next);
      await(fresh, 1);
      old.end();
    } else if (way == Way.KILL) {
      old.kill();
    } else {
      old.end();
    }
    if (way != Way.ROLLING) {
      uncommitted.add(group.uncommitted(all()));
    }
    notes.add(group.hasNotes());
    return fresh == null ? start(next) : fresh;
  }

  private Child start(Kind kind) throws Exception {
    Child child = Child.start(kind, spec, directory);
    members.add(child);
    return child;
  }

  private List<Child.Place> all() throws Exception {
    List<Child.Place> places = new ArrayList<>();
    for (Child member : members) {
      places.addAll(member.handled());
    }
    return places;
  }

  private void await(Child member, int records) throws Exception {
    awaitTrue(() -> member.handled().size() >= records, records + " records of a member");
  }

  private void awaitTrue(Callable<Boolean> condition, String what) throws Exception {
    long begun = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - begun > PATIENCE_NANOS) {
        throw new IllegalStateException(
            peer.title() + ", " + way + ": waited in vain for " + what + ", see " + directory);
      }
      TimeUnit.MILLISECONDS.sleep(50); // between two looks
    }
  }

  @Override
  public void close() {
    feed.close();
    members.forEach(Child::close);
  }
}
