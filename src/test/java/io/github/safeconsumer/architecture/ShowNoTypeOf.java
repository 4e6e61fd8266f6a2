package io.github.safeconsumer.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;

/** Holds when no public or protected member of a class names a type of a package or below it. */
final class ShowNoTypeOf extends ArchCondition<JavaClass> {
  private final String hidden;

  ShowNoTypeOf(String hidden) {
    super("show no type of " + hidden);
    this.hidden = hidden;
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    Stream<JavaType> parents =
        Stream.concat(type.getInterfaces().stream(), type.getSuperclass().stream());
    parents.filter(this::isHidden).forEach(parent -> report(type.getName(), type, parent, events));
    type.getMembers().stream()
        .filter(ShowNoTypeOf::isVisible)
        .forEach(
            member ->
                typesOf(member)
                    .filter(this::isHidden)
                    .forEach(shown -> report(member.getFullName(), member, shown, events)));
  }

  private static Stream<JavaType> typesOf(JavaMember member) {
    return member.getAllInvolvedRawTypes().stream().map(JavaType.class::cast);
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private boolean isHidden(JavaType type) {
    return type.getAllInvolvedRawTypes().stream()
        .anyMatch(raw -> raw.getPackageName().startsWith(hidden));
  }

  private static void report(String where, Object what, JavaType shown, ConditionEvents events) {
    events.add(SimpleConditionEvent.violated(what, where + " shows " + shown.getName()));
  }
}
