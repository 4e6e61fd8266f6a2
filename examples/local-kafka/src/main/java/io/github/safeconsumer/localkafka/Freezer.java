package io.github.safeconsumer.localkafka;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Keeps a process frozen, but no longer than this JVM lives. A frozen process cannot see that its
 * parent is gone, so the thawing must not depend on this JVM: a shell holds the process frozen
 * until its own standard input ends, which happens on {@link #thaw} and also when this JVM is
 * killed.
 */
public final class Freezer {
  private static final String SCRIPT =
      "kill -STOP \"$0\" && echo frozen; read -r end; kill -CONT \"$0\"";

  private final Process shell;

  private Freezer(Process shell) {
    this.shell = shell;
  }

  /** Freezes a process, as SIGSTOP does, and returns when that was done. */
  public static Freezer freeze(long pid) {
    try {
      Process shell =
          new ProcessBuilder("sh", "-c", SCRIPT, Long.toString(pid))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String answer = shell.inputReader().readLine();
      if (answer == null) {
        throw new IllegalStateException("could not freeze process " + pid);
      }
      return new Freezer(shell);
    } catch (IOException e) {
      throw new UncheckedIOException("could not freeze process " + pid, e);
    }
  }

  /** Lets the process go on, as SIGCONT does, and returns when that was done. */
  public void thaw() {
    try {
      shell.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not thaw", e);
    }
    shell.onExit().join();
  }

  /** Ends the shell without thawing, for a process that is about to be killed. */
  public void abandon() {
    shell.destroyForcibly();
  }
}
