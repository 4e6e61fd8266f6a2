package io.github.safeconsumer.sim;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether the caller may hold a lock: then it must not give the baton away, since whoever gets it
 * could block on that lock for real. Looks at the stack for synchronized methods of the library (it
 * has no synchronized blocks) and for the JDK's locking callers.
 */
final class HeldLocks {
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
  private static final Map<Class<?>, Set<String>> SYNCHRONIZED = new ConcurrentHashMap<>();

  private HeldLocks() {}

  static boolean possible() {
    return WALKER.walk(frames -> frames.anyMatch(HeldLocks::locks));
  }

  private static boolean locks(StackWalker.StackFrame frame) {
    Class<?> type = frame.getDeclaringClass();
    String name = type.getName();
    if (frame.getMethodName().equals("<clinit>")) {
      return true;
    }
    if (name.startsWith("io.github.safeconsumer.sim.")) {
      return false;
    }
    if (name.startsWith("io.github.safeconsumer.")) {
      return SYNCHRONIZED
          .computeIfAbsent(type, HeldLocks::synchronizedMethods)
          .contains(frame.getMethodName());
    }
    return name.startsWith("java.util.concurrent.ConcurrentHashMap")
        || name.startsWith("java.util.concurrent.CopyOnWrite");
  }

  private static Set<String> synchronizedMethods(Class<?> type) {
    Set<String> names = new HashSet<>();
    for (Method method : type.getDeclaredMethods()) {
      if (Modifier.isSynchronized(method.getModifiers())) {
        names.add(method.getName());
      }
    }
    return names;
  }
}
