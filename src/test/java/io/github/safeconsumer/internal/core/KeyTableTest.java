package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One key has one lane while records of it are in flight, whatever the hashes. */
class KeyTableTest {
  private final OwnedPartition partition = Records.active(new PauseGate(), 0);

  @Test
  void shouldFindTheLaneOfEachKeyAsAHashMapDoesThroughCollisionsAndGrowth() {
    Seeds.each(
        30,
        random -> {
          KeyTable table = new KeyTable();
          Map<Integer, Lane> model = new HashMap<>();
          int keys = 1 + random.nextInt(500);
          int hashes = 1 + random.nextInt(random.nextBoolean() ? 3 : 1_000);
          for (int i = 0; i < 2_000; i++) {
            int key = random.nextInt(keys);
            int hash = key % hashes * 64; // many in one bucket
            Lane known = model.get(key);
            assertThat(table.get(bytes(key), hash)).as("key %d", key).isSameAs(known);
            if (known == null) {
              Lane lane = new Lane(partition, bytes(key), hash);
              table.put(lane);
              model.put(key, lane);
            } else if (random.nextInt(3) == 0) {
              table.remove(known);
              model.remove(key);
              table.remove(known); // not there any more
            }
            assertThat(table.size()).isEqualTo(model.size());
          }
          model.forEach(
              (key, lane) -> assertThat(table.get(bytes(key), key % hashes * 64)).isSameAs(lane));
        });
  }

  @Test
  void shouldKnowEveryKeyAfterItGrew() {
    KeyTable table = new KeyTable();
    List<Lane> lanes = new ArrayList<>();
    for (int key = 0; key < 1_000; key++) {
      Lane lane = new Lane(partition, bytes(key), KeyTable.hash(bytes(key)));
      table.put(lane);
      lanes.add(lane);
    }
    for (int key = 0; key < 1_000; key++) {
      assertThat(table.get(bytes(key), KeyTable.hash(bytes(key)))).isSameAs(lanes.get(key));
    }
  }

  private static byte[] bytes(int key) {
    return ByteBuffer.allocate(4).putInt(key).array();
  }
}
