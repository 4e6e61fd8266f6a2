package io.github.safeconsumer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final int MAX_CLASSES_WITH_A_KAFKA_CONSUMER = 2;

  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.github.safeconsumer");

  static List<Rule> rules() {
    return Rules.all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldKeepTheRule(Rule rule) {
    rule.rule().check(LIBRARY);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldCatchAClassThatBreaksTheRule(Rule rule) {
    JavaClasses planted = new ClassFileImporter().importClasses(rule.plant());

    assertThat(rule.rule().evaluate(planted).hasViolation())
        .as("the rule sees what it forbids")
        .isTrue();
  }

  @Test
  void shouldSeeTheClassesThatTheRulesSpeakOf() {
    Set<String> packages =
        LIBRARY.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

    assertThat(packages)
        .contains(
            "io.github.safeconsumer",
            "io.github.safeconsumer.internal.core",
            "io.github.safeconsumer.internal.shell");
  }

  @Test
  void shouldLetAtMostTwoClassesSeeTheKafkaConsumer() {
    Set<String> seeing =
        LIBRARY.stream()
            .filter(
                type ->
                    type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(to -> to.getTargetClass().isEquivalentTo(KafkaConsumer.class)))
            .map(type -> type.getName().split("\\$", 2)[0])
            .collect(Collectors.toSet());

    assertThat(seeing).hasSizeBetween(1, MAX_CLASSES_WITH_A_KAFKA_CONSUMER);
  }
}
