package io.github.safeconsumer.internal.serde;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * A new instance per worker, as the supplier made it: it is not configured here, but closed with
 * the worker. A supplier that returns the same instance twice is refused, unless its class is
 * thread-safe: two workers would use it at once.
 */
final class SuppliedDeserializers<T> implements DeserializerSource<T> {
  private final Supplier<? extends Deserializer<? extends T>> supplier;
  private final AtomicReference<@Nullable WeakReference<Object>> last = new AtomicReference<>();

  SuppliedDeserializers(Supplier<? extends Deserializer<? extends T>> supplier) {
    this.supplier = supplier;
  }

  @Override
  public Deserializer<T> open(Map<String, Object> kafka, boolean isKey) {
    @Nullable Deserializer<? extends T> made = supplier.get();
    if (made == null) {
      throw new KafkaException(
          Deserializers.property(isKey)
              + ": the supplier returned null; it must return a new instance each time");
    }
    WeakReference<Object> before = last.getAndSet(new WeakReference<>(made));
    if (before != null && before.refersTo(made) && !Deserializers.threadSafe(made)) {
      throw new KafkaException(
          Deserializers.property(isKey)
              + ": the supplier returned the same "
              + made.getClass().getName()
              + " again; it must return a new instance each time, as several workers would use it at once");
    }
    return Deserializers.narrow(made);
  }
}
