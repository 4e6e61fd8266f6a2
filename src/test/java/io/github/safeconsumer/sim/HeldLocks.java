package io.github.safeconsumer.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Whether the caller may hold a lock: then it must not give the baton away, since whoever gets it
 * could block on that lock for real. Looks at the stack for methods of the library that are
 * synchronized or hold a synchronized block (as if all of it were inside) and for the JDK's locking
 * callers.
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
    names.addAll(withSynchronizedBlocks(type));
    return names;
  }

  private static Set<String> withSynchronizedBlocks(Class<?> type) {
    Set<String> names = new HashSet<>();
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no bytes of " + type);
      }
      new ClassReader(in.readAllBytes())
          .accept(new Monitors(names), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  /** Collects the names of methods that enter a monitor. */
  private static final class Monitors extends ClassVisitor {
    private final Set<String> names;

    Monitors(Set<String> names) {
      super(Opcodes.ASM9);
      this.names = names;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitInsn(int opcode) {
          if (opcode == Opcodes.MONITORENTER) {
            names.add(method);
          }
        }
      };
    }
  }
}
