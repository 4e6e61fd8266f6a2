package io.github.safeconsumer.support;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;

/** Asks the brokers over and over which members a group has. */
public final class MemberWatch implements AutoCloseable {
  private static final Duration END_BOUND = Duration.ofSeconds(10);

  private final Admin admin;
  private final String group;
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger samples = new AtomicInteger();
  private final Set<String> memberIds = ConcurrentHashMap.newKeySet();
  private final Set<String> instanceIds = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::run, "member-watch");
  private volatile boolean stopped;

  public MemberWatch(String bootstrapServers, String group) {
    this.admin = Clients.admin(bootstrapServers);
    this.group = group;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!stopped) {
      try {
        look(admin.describeConsumerGroups(List.of(group)).all().get().get(group).members());
      } catch (ExecutionException unanswered) {
        Thread.onSpinWait(); // the group does not exist yet, or its coordinator is not known
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void look(Collection<MemberDescription> members) {
    most.accumulateAndGet(members.size(), Math::max);
    for (MemberDescription member : members) {
      memberIds.add(member.consumerId());
      member.groupInstanceId().ifPresent(instanceIds::add);
    }
    samples.incrementAndGet();
  }

  /** The most members that were seen at once. */
  public int most() {
    return most.get();
  }

  public Set<String> memberIds() {
    return Set.copyOf(memberIds);
  }

  public Set<String> instanceIds() {
    return Set.copyOf(instanceIds);
  }

  /** Looks no more. */
  public void stop() {
    stopped = true;
    try {
      thread.join(END_BOUND.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return samples + " samples of the members";
  }

  @Override
  public void close() {
    stop();
    admin.close(Duration.ofSeconds(1));
  }
}
