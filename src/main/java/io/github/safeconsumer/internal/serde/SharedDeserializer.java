package io.github.safeconsumer.internal.serde;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.Lock;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * One instance used by many workers, one at a time. A {@link Lock} rather than a monitor, so that
 * virtual threads that wait do not hold their carrier. Closing does nothing: the instance is the
 * user's.
 *
 * <p>Should a call hang in it, the others wait until their own deadlines and fail with Kafka's
 * time-out: for an outage, which charges no record.
 */
final class SharedDeserializer<T> implements Deserializer<T> {
  private final Deserializer<T> instance;
  private final @Nullable Lock lock;

  /**
   * Shares the instance.
   *
   * @param lock null where the instance is thread-safe by itself
   */
  SharedDeserializer(Deserializer<T> instance, @Nullable Lock lock) {
    this.instance = instance;
    this.lock = lock;
  }

  @Override
  public T deserialize(String topic, byte[] data) {
    lock();
    try {
      return instance.deserialize(topic, data);
    } finally {
      unlock();
    }
  }

  @Override
  public T deserialize(String topic, Headers headers, byte[] data) {
    lock();
    try {
      return instance.deserialize(topic, headers, data);
    } finally {
      unlock();
    }
  }

  @Override
  public T deserialize(String topic, Headers headers, ByteBuffer data) {
    lock();
    try {
      return instance.deserialize(topic, headers, data);
    } finally {
      unlock();
    }
  }

  private void lock() {
    if (lock == null) {
      return;
    }
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException overdue) {
      throw new TimeoutException(
          "another thread has held the only deserializer until after the deadline", overdue);
    }
  }

  private void unlock() {
    if (lock != null) {
      lock.unlock();
    }
  }
}
