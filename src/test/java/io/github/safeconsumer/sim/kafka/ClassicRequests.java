package io.github.safeconsumer.sim.kafka;

import java.util.NavigableSet;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.jspecify.annotations.Nullable;

/** What a classic member sends to its coordinator. */
final class ClassicRequests {
  private final Core core;

  ClassicRequests(Core core) {
    this.core = core;
  }

  void join(
      ClassicMember.Join request,
      Answer<ClassicMember.Joined> answer,
      Consumer<RuntimeException> otherProtocol) {
    core.wire.send(
        0,
        core::coordinated,
        reachable -> {
          if (!reachable || core.closed) {
            answer.send(GroupError.UNREACHABLE, null);
            return;
          }
          ClassicGroup group = core.cluster.classicGroup(core.id.group());
          if (group == null) {
            otherProtocol.accept(
                new InconsistentGroupProtocolException("the group speaks the other protocol"));
          } else {
            group.join(request, answer);
          }
        });
  }

  void sync(Identity identity, Answer<NavigableSet<TopicPartition>> answer) {
    send(
        group -> {
          if (group == null) {
            answer.send(GroupError.UNREACHABLE, null);
          } else {
            group.sync(identity, answer);
          }
        });
  }

  void heartbeat(Identity identity, Consumer<GroupError> heard) {
    send(
        group -> {
          if (group != null) {
            GroupError error = group.heartbeat(identity);
            core.wire.answer(() -> heard.accept(error));
          }
        });
  }

  void leave(String member) {
    send(
        group -> {
          if (group != null) {
            group.leave(member);
          }
        });
  }

  /** Null: nobody there, or no such group. */
  private void send(Consumer<@Nullable ClassicGroup> request) {
    core.wire.send(
        0,
        core::coordinated,
        reachable -> {
          SimGroup group = reachable ? core.cluster.group(core.id.group()) : null;
          request.accept(group instanceof ClassicGroup classic ? classic : null);
        });
  }
}
