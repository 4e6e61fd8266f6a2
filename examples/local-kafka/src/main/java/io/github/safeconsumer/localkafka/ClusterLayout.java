package io.github.safeconsumer.localkafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** What of a cluster outlives its processes: its id, its directory and the ports of its nodes. */
record ClusterLayout(String clusterId, Path directory, List<Map<String, Integer>> ports) {
  static final String HOST = "127.0.0.1";
  static final String CLIENTS = "PLAINTEXT";
  static final String CONTROLLERS = "CONTROLLER";

  static ClusterLayout create(int nodes, List<String> extraListeners) {
    List<String> listeners = new ArrayList<>(List.of(CLIENTS, CONTROLLERS));
    listeners.addAll(extraListeners);
    Ports free = new Ports();
    List<Map<String, Integer>> ports = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      Map<String, Integer> ofNode = new HashMap<>();
      listeners.forEach(listener -> ofNode.put(listener, free.next()));
      ports.add(Map.copyOf(ofNode));
    }
    return new ClusterLayout(randomClusterId(), newDirectory(nodes), List.copyOf(ports));
  }

  static boolean isReserved(String listener) {
    return listener.equals(CLIENTS) || listener.equals(CONTROLLERS);
  }

  static int brokerId(int node) {
    return node + 1;
  }

  int nodes() {
    return ports.size();
  }

  int port(int node, String listener) {
    Integer port = ports.get(node).get(listener);
    if (port == null) {
      throw new IllegalArgumentException(
          "no listener " + listener + ", only " + ports.get(node).keySet() + ": add it at start");
    }
    return port;
  }

  Path home(int node) {
    return directory.resolve("node" + node);
  }

  Path dataDirectory(int node) {
    return home(node).resolve("data");
  }

  Path temporaryDirectory(int node) {
    return home(node).resolve("tmp");
  }

  Path propertiesFile(int node) {
    return home(node).resolve("server.properties");
  }

  Path logFile(int node) {
    return home(node).resolve("server.log");
  }

  void delete() {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete " + directory, e);
    }
  }

  private static Path newDirectory(int nodes) {
    try {
      Path directory = Files.createTempDirectory("local-kafka");
      for (int node = 0; node < nodes; node++) {
        Files.createDirectories(directory.resolve("node" + node).resolve("tmp"));
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("could not create the directory of the cluster", e);
    }
  }

  /** Kafka wants 16 bytes in URL-safe base 64; a leading dash would read as an option. */
  private static String randomClusterId() {
    String id;
    do {
      UUID uuid = UUID.randomUUID();
      byte[] bytes =
          ByteBuffer.allocate(16)
              .putLong(uuid.getMostSignificantBits())
              .putLong(uuid.getLeastSignificantBits())
              .array();
      id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    } while (id.startsWith("-"));
    return id;
  }
}
