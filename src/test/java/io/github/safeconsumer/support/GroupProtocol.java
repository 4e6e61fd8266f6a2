package io.github.safeconsumer.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;

/** The ways in which a group can share partitions out. */
public enum GroupProtocol {
  /** Classic: everything is given up at each rebalance. */
  EAGER,
  /** Classic: only what moves is given up. */
  COOPERATIVE,
  /** Classic with {@code group.instance.id}: a member that closes keeps its place for a while. */
  STATIC,
  /** KIP-848, where the broker shares out. */
  CONSUMER,
  /** KIP-848 with {@code group.instance.id}. */
  CONSUMER_STATIC;

  private static final int[] NEEDED_FOR_CONSUMER = {4, 3, 0};

  /** Dynamic and static, classic and new; the new one only where it can be done. */
  public static List<GroupProtocol> all() {
    return only(EAGER, COOPERATIVE, STATIC, CONSUMER);
  }

  /** One classic, one new. */
  public static List<GroupProtocol> each() {
    return only(EAGER, CONSUMER);
  }

  /** Those without {@code group.instance.id}. */
  public static List<GroupProtocol> dynamic() {
    return only(EAGER, COOPERATIVE, CONSUMER);
  }

  /** Every one that client and broker can do. */
  public static List<GroupProtocol> everyOne() {
    return only(values());
  }

  /** Those in which a member keeps some partitions while it gives up others. */
  public static List<GroupProtocol> incremental() {
    return only(COOPERATIVE, CONSUMER);
  }

  /** Those with {@code group.instance.id}. */
  public static List<GroupProtocol> withInstanceId() {
    return only(STATIC, CONSUMER_STATIC);
  }

  /** Values of {@code group.protocol} that client and broker can do. */
  public static List<String> names() {
    return bothHaveConsumer() ? List.of("classic", "consumer") : List.of("classic");
  }

  private static List<GroupProtocol> only(GroupProtocol... wanted) {
    return Stream.of(wanted).filter(protocol -> protocol.classic() || bothHaveConsumer()).toList();
  }

  public boolean classic() {
    return this != CONSUMER && this != CONSUMER_STATIC;
  }

  /** The settings of a member; members of one group have different numbers. */
  public Map<String, Object> settings(int member) {
    Map<String, Object> settings = new HashMap<>();
    if (classic()) {
      settings.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          (this == COOPERATIVE ? CooperativeStickyAssignor.class : RangeAssignor.class).getName());
      // A rebalance is heard of by heartbeat.
      settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 300);
    } else {
      settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    }
    if (this == STATIC || this == CONSUMER_STATIC) {
      settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "member-" + member);
    }
    if (this == STATIC) {
      // How long the partitions of a member that left stay its own.
      settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 4_000);
    }
    return settings;
  }

  /** {@code -Dsafeconsumer.protocols=classic} is for brokers before 4.0, which have no other. */
  private static boolean bothHaveConsumer() {
    return !"classic".equals(System.getProperty("safeconsumer.protocols"))
        && clientIsAtLeast(NEEDED_FOR_CONSUMER);
  }

  /** Whether kafka-clients on this class path has this version or a newer one. */
  public static boolean clientIsAtLeast(int... wanted) {
    Properties properties = new Properties();
    try (InputStream in =
        ConsumerConfig.class.getResourceAsStream("/kafka/kafka-version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the client's version could not be read", e);
    }
    String[] version = properties.getProperty("version").split("\\D", -1);
    for (int i = 0; i < wanted.length; i++) {
      int part = Integer.parseInt(version[i]);
      if (part != wanted[i]) {
        return part > wanted[i];
      }
    }
    return true;
  }
}
