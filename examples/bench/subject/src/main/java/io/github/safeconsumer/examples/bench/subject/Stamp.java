package io.github.safeconsumer.examples.bench.subject;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** When a record was produced, in microseconds: Kafka's own time stamps are in milliseconds. */
public final class Stamp {
  private static final String HEADER = "produced";

  /** Of a record that bears no stamp. */
  static final long NONE = -1;

  private Stamp() {}

  /** Microseconds since the epoch, by the clock that all processes of this machine share. */
  public static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  /** Stamps a record that is about to be sent. */
  public static void put(Headers headers) {
    headers.add(HEADER, ByteBuffer.allocate(Long.BYTES).putLong(now()).array());
  }

  static long of(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    return header == null ? NONE : ByteBuffer.wrap(header.value()).getLong();
  }
}
