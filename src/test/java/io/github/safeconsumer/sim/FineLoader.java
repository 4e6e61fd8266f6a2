package io.github.safeconsumer.sim;

import io.github.safeconsumer.internal.shell.Execution;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * Loads the library and the simulation once more, the library with a yield point at the entry of
 * every method that is not synchronized. So interleavings inside its methods occur too, and the
 * production code knows nothing of it.
 */
final class FineLoader extends ClassLoader {
  private static final String OURS = "io.github.safeconsumer.";
  private static final Set<String> LEFT_ALONE =
      Set.of(
          "LaneRunner",
          "RecordRunner",
          "BatchRunner",
          "BatchAttempt",
          "AsyncAttempts",
          "AsyncHandler",
          "Attempt",
          "HandlerCall",
          "BatchCall",
          "Lane");

  /** Entered inside a lock only, where nobody gives way, or without any state. */
  private static final Set<String> GUARDED =
      Set.of(
          "Backlog",
          "BudgetAdvice",
          "Caution",
          "CommitState",
          "CrashRules",
          "FailureHistory",
          "KeyTable",
          "Lanes",
          "LatencyCounts",
          "LatencyWindow",
          "Lease",
          "Ledger",
          "Linger",
          "OpenRecord",
          "RateLimit",
          "Running",
          "Share",
          "TopicLoad");

  static {
    registerAsParallelCapable();
  }

  private final ClassFileLocator locator;
  private final TypePool types;

  FineLoader() {
    super(FineLoader.class.getClassLoader());
    this.locator = ClassFileLocator.ForClassLoader.of(getParent());
    this.types = TypePool.Default.of(locator);
  }

  /**
   * Initializes every class of the library now: what a static initializer calls must not count, or
   * a run would depend on the runs before it.
   */
  FineLoader warm() throws IOException, ClassNotFoundException, URISyntaxException {
    Path classes =
        Path.of(Execution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.walk(classes)) {
      files
          .map(file -> classes.relativize(file).toString().replace(File.separatorChar, '.'))
          .filter(file -> file.startsWith(OURS + "internal.") && file.endsWith(".class"))
          .filter(file -> !file.contains("package-info"))
          .map(file -> file.substring(0, file.length() - ".class".length()))
          .sorted()
          .forEach(names::add);
    }
    for (String name : names) {
      Class.forName(name, true, this);
    }
    return this;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = bytes(name);
        loaded = defineClass(name, bytes, 0, bytes.length);
      }
      return loaded;
    }
  }

  private byte[] bytes(String name) throws ClassNotFoundException {
    try {
      return isFine(name) ? withYields(name) : plain(name);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /**
   * The pure data and the moment between the last look at the gate and the handler's own first line
   * are left alone: what has begun there had begun before.
   */
  private static boolean isFine(String name) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    return (name.startsWith(OURS + "internal.shell.") || name.startsWith(OURS + "internal.core."))
        && !LEFT_ALONE.contains(simple)
        && !GUARDED.contains(simple);
  }

  private byte[] plain(String name) throws IOException, ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    }
  }

  private byte[] withYields(String name) throws ClassNotFoundException {
    TypePool.Resolution found = types.describe(name);
    if (!found.isResolved()) {
      throw new ClassNotFoundException(name);
    }
    TypeDescription type = found.resolve();
    if (type.isInterface()) {
      return new ByteBuddy().redefine(type, locator).make().getBytes();
    }
    return new ByteBuddy()
        .redefine(type, locator)
        .visit(
            Advice.to(Entry.class)
                .on(
                    ElementMatchers.isMethod()
                        .and(ElementMatchers.not(ElementMatchers.isSynchronized()))
                        .and(ElementMatchers.not(ElementMatchers.isAbstract()))
                        .and(ElementMatchers.not(ElementMatchers.isTypeInitializer()))))
        .make()
        .getBytes();
  }

  /** Its body is copied to the entry of each method. */
  public static final class Entry {
    private Entry() {}

    @Advice.OnMethodEnter
    static void enter() {
      YieldPoints.here();
    }
  }
}
