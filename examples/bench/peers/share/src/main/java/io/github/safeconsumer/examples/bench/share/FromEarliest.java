package io.github.safeconsumer.examples.bench.share;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Where a share group begins is a setting of the group, not of its consumers, and by default it is
 * at the end of the topic.
 */
final class FromEarliest {
  private static final String NAME = "share.auto.offset.reset";
  private static final String EARLIEST = "earliest";
  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(30);

  private FromEarliest() {}

  /** Returns once the broker goes by it, which is a little after it has been written. */
  static void set(String bootstrap, String group) throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      AlterConfigOp set =
          new AlterConfigOp(new ConfigEntry(NAME, EARLIEST), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
      long begin = System.nanoTime();
      while (!isInForce(admin, resource)) {
        if (System.nanoTime() - begin > BOUND_NANOS) {
          throw new IllegalStateException("the broker does not take " + NAME + " of " + group);
        }
      }
    }
  }

  private static boolean isInForce(Admin admin, ConfigResource group)
      throws ExecutionException, InterruptedException {
    ConfigEntry entry = admin.describeConfigs(List.of(group)).all().get().get(group).get(NAME);
    return entry != null && EARLIEST.equals(entry.value());
  }
}
