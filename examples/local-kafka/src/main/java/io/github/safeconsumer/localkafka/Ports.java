package io.github.safeconsumer.localkafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports below the range from which the system serves outgoing connections. In that range
 * a node could lose its port while it is down, and a client that dials a dead port again and again
 * could even connect to itself.
 */
final class Ports {
  private static final int FIRST = 15_000;
  private static final int END = 32_000;
  private static final int MAX_PROBES = 1_000;

  private final Set<Integer> taken = new HashSet<>();

  int next() {
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port) && taken.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port found in " + FIRST + " to " + END);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException inUse) {
      return false;
    }
  }
}
