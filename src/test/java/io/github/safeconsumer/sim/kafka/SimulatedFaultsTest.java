package io.github.safeconsumer.sim.kafka;

import static io.github.safeconsumer.sim.kafka.Bed.P0;
import static io.github.safeconsumer.sim.kafka.Bed.P1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.sim.kafka.Bed.Member;
import io.github.safeconsumer.support.GroupProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All that can go wrong, at once: a seed is one run, and everything heals once it stops. */
class SimulatedFaultsTest {
  private static final Set<FaultKind> OF_OTHER_CLIENTS =
      EnumSet.of(
          FaultKind.PRODUCER_CREATE_THROWS,
          FaultKind.SEND_SLOW,
          FaultKind.SEND_FAILED,
          FaultKind.SEND_FATAL,
          FaultKind.SEND_UNANSWERED,
          FaultKind.SEND_THROWS,
          FaultKind.ADMIN_FAILS,
          FaultKind.ADMIN_SLOW,
          // It would interrupt the thread of this test.
          FaultKind.CALL_INTERRUPTED);

  @ParameterizedTest
  @EnumSource(names = {"EAGER", "COOPERATIVE", "CONSUMER"})
  void shouldRunTheSameWithTheSameSeed(GroupProtocol protocol) {
    assertThat(run(3, protocol).world.lines()).isEqualTo(run(3, protocol).world.lines());
    assertThat(run(4, protocol).world.lines()).isNotEqualTo(run(3, protocol).world.lines());
  }

  @ParameterizedTest
  @EnumSource(names = {"EAGER", "COOPERATIVE", "CONSUMER"})
  void shouldInjectEveryKindOfFaultAndHeal(GroupProtocol protocol) {
    Set<FaultKind> seen = EnumSet.noneOf(FaultKind.class);
    for (long seed = 1; seed <= 10; seed++) {
      Bed bed = run(seed, protocol);
      seen.addAll(bed.faults.counts().keySet());
      assertThat(bed.violations).isEmpty();
    }

    assertThat(seen).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(OF_OTHER_CLIENTS)));
  }

  /** Two simple-minded members: a client that throws is replaced. */
  private static Bed run(long seed, GroupProtocol protocol) {
    Bed bed = new Bed(seed, protocol);
    EnumSet.complementOf(EnumSet.copyOf(OF_OTHER_CLIENTS))
        .forEach(kind -> bed.faults.rate(kind, 10_000));
    List<Member> members = new ArrayList<>();
    Set<String> read = new TreeSet<>();
    int steps = 0;
    while (steps++ < 400) {
      bed.cluster.append(P0, null, new byte[] {1});
      bed.cluster.append(P1, null, new byte[] {1});
      turn(bed, members, read);
    }
    bed.faults.stop();
    bed.until(
        "all read",
        () -> {
          turn(bed, members, read);
          return read.size() == 800;
        });
    return bed;
  }

  private static void turn(Bed bed, List<Member> members, Set<String> read) {
    while (members.size() < 2) {
      try {
        members.add(bed.member("p" + members.size()));
      } catch (KafkaException refused) {
        bed.pass(100);
      }
    }
    for (Member member : List.copyOf(members)) {
      try {
        member.poll();
        member.records.forEach(r -> read.add(r.partition() + "@" + r.offset()));
        member.records.clear();
        member.client.committed(Set.of(P0), Duration.ofSeconds(1));
        for (var partition : member.client.assignment()) {
          member.commit(partition, member.client.position(partition));
        }
      } catch (KafkaException thrown) {
        members.remove(member);
        closeQuietly(member);
      }
    }
  }

  private static void closeQuietly(Member member) {
    try {
      member.close();
    } catch (KafkaException thrown) {
      // it is gone either way
    }
  }
}
