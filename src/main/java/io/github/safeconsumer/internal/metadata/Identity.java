package io.github.safeconsumer.internal.metadata;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Whose offsets a note speaks of: short hashes, enough to notice that a string was copied beside an
 * offset of another cluster or topic by accident.
 *
 * @param cluster hash of the cluster's id; 0: not known
 * @param topic hash of the topic's id; 0: not known
 */
public record Identity(int cluster, int topic) {
  /** Of the ids as Kafka prints them; null or empty: not known. */
  public static Identity of(@Nullable String clusterId, @Nullable String topicId) {
    return new Identity(hash(clusterId), hash(topicId));
  }

  /** The same cluster, as far as both are known. */
  boolean mayBeClusterOf(Identity other) {
    return mayBeSame(cluster, other.cluster);
  }

  /** The same topic, as far as both are known. */
  boolean mayBeTopicOf(Identity other) {
    return mayBeSame(topic, other.topic);
  }

  private static boolean mayBeSame(int one, int other) {
    return one == 0 || other == 0 || one == other;
  }

  private static int hash(@Nullable String id) {
    if (id == null || id.isEmpty()) {
      return 0;
    }
    CRC32C crc = new CRC32C();
    crc.update(id.getBytes(StandardCharsets.UTF_8));
    int hash = (int) crc.getValue();
    return hash == 0 ? 1 : hash;
  }
}
