package io.github.safeconsumer.sim.kafka;

import org.jspecify.annotations.Nullable;

/** The answer to a request that the coordinator may hold back, on its way to the client. */
final class Answer<T> {
  private final World world;
  private final long travel;
  private GroupError error = GroupError.NONE;
  private @Nullable T value;
  private boolean sent;
  private long arrives;

  Answer(World world, long travel) {
    this.world = world;
    this.travel = travel;
  }

  /** The coordinator answers; only the first answer counts. */
  void send(GroupError error, @Nullable T value) {
    if (!sent) {
      sent = true;
      this.error = error;
      this.value = value;
      this.arrives = world.nanos() + travel;
    }
  }

  /** Whether the coordinator has not answered yet. */
  boolean open() {
    return !sent;
  }

  /** Whether the client has it. */
  boolean arrived() {
    return sent && world.nanos() - arrives >= 0;
  }

  GroupError error() {
    return error;
  }

  @Nullable T value() {
    return value;
  }
}
