package io.github.safeconsumer.internal.shell;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a Kafka client. A static member (one with {@code group.instance.id}) keeps its place in
 * the group when its client closes, until its session ends; clients from 4.1 on can be told to
 * leave all the same. The classes for that do not exist in older ones, hence the reflection.
 */
final class Leaving {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final String OPTIONS = "org.apache.kafka.clients.consumer.CloseOptions";

  private Leaving() {}

  /**
   * @param staticMemberLeaves whether it is a static member that gives its place up
   */
  static void close(Consumer<byte[], byte[]> client, Duration bound, boolean staticMemberLeaves) {
    Duration atMost = bound.isNegative() ? Duration.ZERO : bound;
    if (!staticMemberLeaves || !leave(client, atMost)) {
      close(client, atMost);
    }
  }

  /** Whether this version of the client can take a static member out of its group. */
  static boolean staticMembersCan() {
    try {
      Class.forName(OPTIONS);
      return true;
    } catch (ClassNotFoundException | LinkageError older) {
      return false;
    }
  }

  @SuppressWarnings("deprecation") // its successor does not exist in the oldest supported client
  private static void close(Consumer<byte[], byte[]> client, Duration bound) {
    client.close(bound);
  }

  /** False where this version of the client cannot. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an enum known by name only
  private static boolean leave(Consumer<byte[], byte[]> client, Duration bound) {
    Object options;
    Method close;
    try {
      Class<?> type = Class.forName(OPTIONS);
      Class operation = Class.forName(OPTIONS + "$GroupMembershipOperation");
      options =
          type.getMethod("groupMembershipOperation", operation)
              .invoke(null, Enum.valueOf(operation, "LEAVE_GROUP"));
      options = type.getMethod("withTimeout", Duration.class).invoke(options, bound);
      close = Consumer.class.getMethod("close", type);
    } catch (ReflectiveOperationException | LinkageError older) {
      LOG.warn(
          "problem=\"this version of kafka-clients cannot take a static member out of its group (4.1 can):"
              + " the group counts it as a member until its session ends\"");
      return false;
    }
    try {
      close.invoke(client, options);
      return true;
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(thrown.getCause());
    } catch (IllegalAccessException impossible) { // the interface is public
      throw new IllegalStateException(impossible);
    }
  }
}
