package io.github.safeconsumer.examples.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The work of both sides: does what a record asks for and writes down that it did. */
final class Work {
  private static final int HALTED = 42;
  private static final int EXITED = 43;
  private static final int MEGABYTE = 1 << 20;

  private final JournalWriter journal;
  private final int port;

  Work(JournalWriter journal, int port) {
    this.journal = journal;
    this.port = port;
  }

  void handle(ConsumerRecord<?, Task> record) throws Exception {
    Place place = new Place(record.partition(), record.offset());
    journal.attempt(Fact.Kind.BEGIN, place);
    try {
      run(record.value());
    } catch (Exception e) {
      journal.attempt(Fact.Kind.FAILED, place);
      throw e;
    }
    journal.attempt(Fact.Kind.DONE, place);
  }

  private void run(Task task) throws Exception {
    switch (task.deed()) {
      case WORK -> {}
      case CALL -> call();
      case FAIL -> throw new IllegalStateException("this record fails each time");
      case HALT -> Runtime.getRuntime().halt(HALTED);
      case EXIT -> System.exit(EXITED);
      case MEMORY -> useAllMemory();
      case LOCK -> waitForLock();
      case SPIN -> spin();
      case SOCKET -> readFromSilence();
    }
    Thread.sleep(task.latency().toMillis());
  }

  private void call() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      byte[] answer = socket.getInputStream().readNBytes(Downstream.ANSWER.length());
      String text = new String(answer, StandardCharsets.US_ASCII);
      if (!text.equals(Downstream.ANSWER)) {
        throw new IOException("the downstream hung up");
      }
    }
  }

  private static void useAllMemory() {
    List<byte[]> kept = new ArrayList<>();
    while (true) {
      kept.add(new byte[MEGABYTE]);
    }
  }

  /** An interrupt does not end this wait. */
  private static void waitForLock() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch taken = new CountDownLatch(1);
    Thread owner =
        new Thread(
            () -> {
              lock.lock();
              taken.countDown();
            });
    owner.start();
    taken.await(); // the owner is gone then, and never released it
    lock.lock();
  }

  private static void spin() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  private void readFromSilence() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getInputStream().read();
    }
  }
}
