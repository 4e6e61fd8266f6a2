package io.github.safeconsumer.examples.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A TCP server that the handlers connect to. It answers each connection with one word, or never; it
 * can be closed, so that connections are refused, and opened again on the same port.
 */
final class Downstream implements AutoCloseable {
  static final String ANSWER = "done";

  private static final int BACKLOG = 200;

  private final boolean answers;
  private final List<Socket> held = new ArrayList<>();
  private ServerSocket server;
  private int port;

  private Downstream(boolean answers) {
    this.answers = answers;
  }

  static Downstream answering() {
    return new Downstream(true).open();
  }

  /** One that takes connections and says nothing. */
  static Downstream silent() {
    return new Downstream(false).open();
  }

  /** Opens it, on the port that it had before. */
  synchronized Downstream open() {
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      port = server.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ServerSocket opened = server;
    Thread thread = new Thread(() -> serve(opened), "downstream");
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  private void serve(ServerSocket from) {
    try {
      while (true) {
        Socket socket = from.accept();
        if (answers) {
          answer(socket);
        } else {
          hold(socket);
        }
      }
    } catch (IOException e) {
      // close() ends it like this.
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // Who asked is gone.
    }
  }

  private synchronized void hold(Socket socket) {
    held.add(socket);
  }

  synchronized int port() {
    return port;
  }

  /** From now on connections are refused. */
  @Override
  public synchronized void close() {
    try {
      server.close();
      for (Socket socket : held) {
        socket.close();
      }
      held.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
