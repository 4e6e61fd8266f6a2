package io.github.safeconsumer.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All that others can compile against, a line each, in order. */
final class ApiSurface {
  private static final int SEEN = Modifier.PUBLIC | Modifier.PROTECTED;
  private static final int TOLD =
      Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;

  private final List<String> lines = new ArrayList<>();

  private ApiSurface() {}

  static List<String> of(JavaClasses classes) {
    ApiSurface surface = new ApiSurface();
    classes.stream()
        .filter(one -> !one.getPackageName().contains(".internal"))
        .map(JavaClass::reflect)
        .filter(ApiSurface::isSeen)
        .sorted((a, b) -> a.getName().compareTo(b.getName()))
        .forEach(surface::add);
    return surface.lines;
  }

  /** Also by everybody around it. */
  private static boolean isSeen(Class<?> type) {
    boolean seen = !type.isSynthetic() && (type.getModifiers() & SEEN) != 0;
    return seen && (type.getEnclosingClass() == null || isSeen(type.getEnclosingClass()));
  }

  private void add(Class<?> type) {
    lines.add(
        Modifier.toString(type.getModifiers() & TOLD)
            + (type.isRecord() ? " record " : type.isInterface() ? " interface " : " class ")
            + type.getName()
            + above(type));
    TreeSet<String> members = new TreeSet<>();
    boolean open = !Modifier.isFinal(type.getModifiers());
    for (Field field : type.getDeclaredFields()) {
      if (isSeen(field.getModifiers(), open) && !field.isSynthetic()) {
        members.add(
            told(field.getModifiers()) + name(field.getGenericType()) + " " + field.getName());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isSeen(constructor.getModifiers(), open) && !constructor.isSynthetic()) {
        members.add(told(constructor.getModifiers()) + "new" + parameters(constructor));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isSeen(method.getModifiers(), open) && !method.isSynthetic()) {
        members.add(
            told(method.getModifiers())
                + name(method.getGenericReturnType())
                + " "
                + method.getName()
                + parameters(method));
      }
    }
    members.forEach(member -> lines.add("  " + member));
  }

  private static boolean isSeen(int modifiers, boolean open) {
    return Modifier.isPublic(modifiers) || (open && Modifier.isProtected(modifiers));
  }

  private static String told(int modifiers) {
    return Modifier.toString(modifiers & TOLD) + " ";
  }

  private static String above(Class<?> type) {
    List<Type> above = new ArrayList<>(Arrays.asList(type.getGenericInterfaces()));
    if (type.getGenericSuperclass() != null) {
      above.add(0, type.getGenericSuperclass());
    }
    String names =
        above.stream()
            .filter(one -> one != Object.class)
            .map(ApiSurface::name)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : " : " + names;
  }

  private static String parameters(Executable of) {
    String types =
        Arrays.stream(of.getGenericParameterTypes())
            .map(ApiSurface::name)
            .collect(Collectors.joining(", ", "(", ")"));
    String thrown =
        Arrays.stream(of.getGenericExceptionTypes())
            .map(ApiSurface::name)
            .collect(Collectors.joining(", "));
    return types + (of.isVarArgs() ? " ..." : "") + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private static String name(Type type) {
    return type.getTypeName();
  }
}
