package io.github.safeconsumer.internal.deadletter;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The name of this host, for people who look for its logs. */
public final class HostName {
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /**
   * May ask the name service, which can take seconds: call it once, on a thread that may wait.
   * "unknown" where nothing tells it.
   */
  public static String find() {
    return find(System.getenv());
  }

  static String find(Map<String, String> environment) {
    // HOSTNAME is the pod's name under Kubernetes and the container's elsewhere, and needs no
    // look-up; Windows has COMPUTERNAME.
    for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
      String name = environment.get(variable);
      if (name != null && !name.isBlank()) {
        return name.strip();
      }
    }
    try {
      String kernel = Files.readString(KERNEL).strip();
      if (!kernel.isEmpty()) {
        return kernel;
      }
    } catch (IOException | SecurityException notLinux) {
      // Then the name service has to tell.
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
