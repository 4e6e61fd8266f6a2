package io.github.safeconsumer.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Runs the main class of a {@link ChildJvm}, and ends the JVM when the parent is gone. */
final class ChildMain {
  private static final int HALTED_WITH_PARENT = 137;

  private ChildMain() {}

  /** Takes the name of the main class and its arguments. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Thread watch = new Thread(ChildMain::haltAtEndOfInput, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    var main = Class.forName(args[0]).getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
  }

  private static void haltAtEndOfInput() {
    try (InputStream in = System.in) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      System.err.println("lost the connection to the parent: " + e);
    } finally {
      Runtime.getRuntime().halt(HALTED_WITH_PARENT);
    }
  }
}
