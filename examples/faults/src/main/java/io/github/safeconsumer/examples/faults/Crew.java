package io.github.safeconsumer.examples.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * The processes of one group. One that ends is started again a second later, as an orchestrator
 * would.
 */
final class Crew implements AutoCloseable {
  private static final Duration RESTART = Duration.ofSeconds(1);
  private static final Duration STOP_BOUND = Duration.ofSeconds(15);

  private final List<Slot> slots = new ArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final AtomicInteger deaths = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  /** Starts them. The function says how one is started, the log is where all write to. */
  Crew(int members, IntFunction<List<String>> command, Path log) {
    for (int member = 0; member < members; member++) {
      slots.add(new Slot(command.apply(member), log));
    }
    for (Slot slot : slots) {
      slot.supervisor.setDaemon(true);
      slot.supervisor.start();
    }
  }

  /** One member: a process, and after it another. */
  private final class Slot {
    final ProcessBuilder builder;
    final Thread supervisor = new Thread(this::supervise, "supervisor");
    Process process;

    Slot(List<String> command, Path log) {
      builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      launch();
    }

    private synchronized void launch() {
      try {
        process = builder.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    synchronized Process process() {
      return process;
    }

    private void supervise() {
      try {
        while (true) {
          process().waitFor();
          if (isStopping()) {
            return;
          }
          deaths.incrementAndGet();
          if (stopping.await(RESTART.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
          launchUnlessStopping();
        }
      } catch (InterruptedException e) {
        // Nobody interrupts it but the end of this JVM.
      }
    }

    private void launchUnlessStopping() {
      synchronized (slots) {
        if (!isStopping()) {
          launch();
        }
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  int size() {
    return slots.size();
  }

  /** Processes that have ended so far, by themselves or because they were told to. */
  int deaths() {
    return deaths.get();
  }

  /** The process that a member has now, or had last. */
  long pid(int member) {
    return slots.get(member).process().pid();
  }

  boolean isAlive(int member) {
    return slots.get(member).process().isAlive();
  }

  /** How many of them were told to, by {@link #kill} and {@link #terminate}. */
  int ended() {
    return ended.get();
  }

  /** As SIGKILL does. */
  void kill(int member) {
    ended.incrementAndGet();
    slots.get(member).process().destroyForcibly();
  }

  /** As SIGTERM does; returns when the process has ended. */
  void terminate(int member) throws InterruptedException {
    ended.incrementAndGet();
    Process process = slots.get(member).process();
    tellToEnd(process);
    process.waitFor();
  }

  /** By its handle: destroying the process itself closes its standard input too, which ends it. */
  private static void tellToEnd(Process process) {
    process.toHandle().destroy();
  }

  /** Ends them by SIGTERM; what has not ended in time is killed. Returns how many that were. */
  int stop() {
    synchronized (slots) {
      stopping.countDown();
    }
    slots.forEach(slot -> tellToEnd(slot.process()));
    long end = System.nanoTime() + STOP_BOUND.toNanos();
    int killed = 0;
    for (Slot slot : slots) {
      if (!endsBy(end, slot.process())) {
        slot.process().destroyForcibly();
        killed++;
      }
    }
    return killed;
  }

  private static boolean endsBy(long end, Process process) {
    try {
      return process.waitFor(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    synchronized (slots) {
      stopping.countDown();
    }
    slots.forEach(slot -> slot.process().destroyForcibly());
  }
}
