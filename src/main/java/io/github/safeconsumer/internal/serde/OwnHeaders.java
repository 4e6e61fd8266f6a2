package io.github.safeconsumer.internal.serde;

import java.util.Iterator;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a typed record: those of the raw one, until somebody changes them. Most records
 * have none, and nobody looks. Like Kafka's own, for one thread at a time.
 */
final class OwnHeaders implements Headers {
  private final Headers raw;
  private @Nullable RecordHeaders own;

  OwnHeaders(Headers raw) {
    this.raw = raw;
  }

  private Headers read() {
    RecordHeaders copy = own;
    return copy == null ? raw : copy;
  }

  private RecordHeaders write() {
    RecordHeaders copy = own;
    if (copy == null) {
      copy = new RecordHeaders(raw);
      own = copy;
    }
    return copy;
  }

  @Override
  public Headers add(Header header) {
    write().add(header);
    return this;
  }

  @Override
  public Headers add(String key, byte[] value) {
    write().add(key, value);
    return this;
  }

  @Override
  public Headers remove(String key) {
    write().remove(key);
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // null for none, which Kafka's type does not say
  public Header lastHeader(String key) {
    return read().lastHeader(key);
  }

  @Override
  public Iterable<Header> headers(String key) {
    return read().headers(key);
  }

  @Override
  public Header[] toArray() {
    return read().toArray();
  }

  /** Its iterator can remove, so it is one of a copy, unless there is nothing to remove. */
  @Override
  public Iterator<Header> iterator() {
    Headers read = read();
    return read == raw && raw.iterator().hasNext() ? write().iterator() : read.iterator();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OwnHeaders headers
        ? read().equals(headers.read())
        : read().equals(other);
  }

  @Override
  public int hashCode() {
    return read().hashCode();
  }

  @Override
  public String toString() {
    return read().toString();
  }
}
