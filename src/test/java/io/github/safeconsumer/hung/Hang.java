package io.github.safeconsumer.hung;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** Ways never to return, until the test lets them. */
final class Hang implements AutoCloseable {
  /** What a handler can hang in. */
  enum Kind {
    /** A lock that somebody else holds for ever. */
    LOCK,
    /** A loop that never looks at the interrupt. */
    SPIN,
    /** A wait that swallows every interrupt and goes on. */
    SWALLOW,
    /** A read of a peer that never answers: no interrupt reaches it. */
    SOCKET
  }

  private final CountDownLatch released = new CountDownLatch(1);
  private final ReentrantLock held = new ReentrantLock();
  private final ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Thread holder = new Thread(this::holdLock, "holds-the-lock");
  private volatile boolean over;

  Hang() throws IOException {
    holder.setDaemon(true);
    holder.start();
    while (!held.isLocked()) {
      Thread.onSpinWait();
    }
  }

  private void holdLock() {
    held.lock();
    try {
      in(Kind.SWALLOW);
    } catch (IOException cannotBe) {
      throw new IllegalStateException(cannotBe);
    } finally {
      held.unlock();
    }
  }

  void in(Kind kind) throws IOException {
    switch (kind) {
      case LOCK -> {
        held.lock(); // for ever: somebody else has it
        try {
          over = true;
        } finally {
          held.unlock();
        }
      }
      case SPIN -> {
        while (!over) {
          Thread.onSpinWait();
        }
      }
      case SWALLOW -> {
        while (released.getCount() > 0) {
          try {
            released.await();
          } catch (InterruptedException swallowed) {
            // as some handlers do
          }
        }
      }
      case SOCKET -> {
        try (Socket socket = new Socket(silent.getInetAddress(), silent.getLocalPort())) {
          int nothing = socket.getInputStream().read();
          if (nothing >= 0) {
            throw new IllegalStateException("nobody writes here");
          }
        }
      }
    }
  }

  /** Everything returns, and normally. */
  @Override
  public void close() throws IOException {
    over = true;
    released.countDown();
    silent.close(); // what was never accepted is reset
  }
}
