package io.github.safeconsumer.support;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;

/** Creates topics under names that no other test uses, so that tests may share a broker. */
public final class Topics {
  private static final int MOST_REPEATS = 100;

  private Topics() {}

  public static String uniqueName(String prefix) {
    return prefix + "-" + UUID.randomUUID();
  }

  /** Creates a topic and returns its name, which begins with the prefix. */
  public static String create(String bootstrapServers, String prefix, int partitions) {
    return create(bootstrapServers, prefix, partitions, Map.of());
  }

  /** As above, with settings of the topic such as {@code cleanup.policy}. */
  public static String create(
      String bootstrapServers, String prefix, int partitions, Map<String, String> config) {
    String name = uniqueName(prefix);
    createNamed(bootstrapServers, name, partitions, config);
    return name;
  }

  /** Creates a topic of exactly this name, with as many replicas as the broker's default. */
  public static void createNamed(
      String bootstrapServers, String name, int partitions, Map<String, String> config) {
    NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config);
    try (Admin admin = Clients.admin(bootstrapServers)) {
      create(admin, topic);
      // The controller has created it; a busy broker may hear of it a moment later.
      while (!admin.listTopics().names().get().contains(name)) {
        Thread.onSpinWait();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not create topic " + name, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topic " + name, e);
    }
  }

  /**
   * Again while a machine that stands under load lets the controller believe the broker is away.
   */
  private static void create(Admin admin, NewTopic topic)
      throws ExecutionException, InterruptedException {
    for (int again = 0; ; again++) {
      try {
        admin.createTopics(List.of(topic)).all().get();
        return;
      } catch (ExecutionException e) {
        if (again == MOST_REPEATS || !(e.getCause() instanceof InvalidReplicationFactorException)) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(250); // the pace of the repeats
      }
    }
  }
}
