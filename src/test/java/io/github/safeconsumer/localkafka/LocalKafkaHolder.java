package io.github.safeconsumer.localkafka;

import java.util.concurrent.CountDownLatch;

/** The program of a JVM that starts a node and never ends by itself, for {@link LocalKafkaIT}. */
final class LocalKafkaHolder {
  private LocalKafkaHolder() {}

  /**
   * Takes {@code frozen} if the node shall be frozen. Prints the node's process id and directory.
   */
  public static void main(String[] args) throws InterruptedException {
    LocalKafka kafka = LocalKafka.start(1);
    if (args.length > 0 && args[0].equals("frozen")) {
      kafka.freeze(0);
    }
    System.out.println("node " + kafka.pid(0) + " " + kafka.dataDirectory(0));
    new CountDownLatch(1).await();
    kafka.close();
  }
}
