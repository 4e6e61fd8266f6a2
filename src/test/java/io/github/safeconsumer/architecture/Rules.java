package io.github.safeconsumer.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import io.github.safeconsumer.PlantedApi;
import io.github.safeconsumer.internal.core.PlantedCore;
import io.github.safeconsumer.internal.metadata.PlantedMetadata;
import io.github.safeconsumer.micrometer.PlantedMicrometer;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;

/** The rules of {@link ArchitectureTest}. */
final class Rules {
  private static final String ROOT = "io.github.safeconsumer";
  private static final String INTERNAL = ROOT + ".internal";
  private static final String CORE = INTERNAL + ".core..";
  private static final String METADATA = INTERNAL + ".metadata..";
  private static final String SHELL = INTERNAL + ".shell..";
  private static final String TESTING = ROOT + ".testing..";
  private static final String MICROMETER = ROOT + ".micrometer..";
  private static final String JACKSON = "com.fasterxml.jackson..";

  private static final Set<String> CLOCKS_AND_DICE =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.time.Instant.now",
          "java.lang.Math.random",
          "java.util.UUID.randomUUID");

  private Rules() {}

  static List<Rule> all() {
    return List.of(
        coreKnowsNeitherShellNorOptionalParts(),
        coreStartsNoThread(),
        coreReadsNoClockAndRollsNoDice(),
        coreDoesNoInputOrOutput(),
        coreHoldsNoKafkaClient(),
        metadataNeedsTheJdkAlone(),
        kafkaConsumerStaysInTheShell(),
        jacksonStaysInJsonClasses(),
        onlyWhatAnEmbedderHasIsUsed(),
        kafkaUtilsAreNotUsed(),
        nobodySleeps(),
        publicApiShowsNoInternalType(),
        nothingButUsersNeedsTheTestDriver(),
        nothingButUsersNeedsTheMicrometerBinder(),
        metricsComeFromThePublicApi());
  }

  private static Rule coreKnowsNeitherShellNorOptionalParts() {
    return new Rule(
        noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SHELL, TESTING, MICROMETER)
            .because("dependencies point from the shell to the core"),
        PlantedCore.KnowsShell.class);
  }

  private static Rule coreStartsNoThread() {
    return new Rule(
        coreWithout(
                type(Thread.class)
                    .or(type(Timer.class))
                    .or(type(Executors.class))
                    .or(assignableTo(Executor.class))
                    .or(assignableTo(ThreadFactory.class)))
            .because("the core is stepped by whoever calls it, a simulation too"),
        PlantedCore.StartsThread.class);
  }

  private static Rule coreReadsNoClockAndRollsNoDice() {
    return new Rule(
        noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .accessTargetWhere(callOfAny(CLOCKS_AND_DICE))
            .orShould()
            .dependOnClassesThat(assignableTo(Clock.class).or(assignableTo(RandomGenerator.class)))
            .because(
                "the core is given the time and the randomness, so that a run can be repeated"),
        PlantedCore.ReadsClock.class);
  }

  private static Rule coreDoesNoInputOrOutput() {
    return new Rule(
        coreWithout(
                resideInAnyPackage(
                        "java.nio.file..", "java.nio.channels..", "java.net..", "org.slf4j..")
                    .or(type(RandomAccessFile.class))
                    .or(assignableTo(PrintStream.class))
                    .or(resideInAnyPackage("java.io").and(nameStartsWith("File")))
                    // Failures are told apart by their types, those of I/O too.
                    .and(DescribedPredicate.not(assignableTo(Throwable.class))))
            .because("the core returns decisions that the shell carries out"),
        PlantedCore.Prints.class);
  }

  private static Rule coreHoldsNoKafkaClient() {
    return new Rule(
        coreWithout(
                assignableTo(Consumer.class)
                    .or(assignableTo(Producer.class))
                    .or(assignableTo(Admin.class)))
            .because("the core returns decisions that the shell carries out"),
        PlantedCore.HoldsConsumer.class);
  }

  private static Rule metadataNeedsTheJdkAlone() {
    return new Rule(
        classes()
            .that()
            .resideInAPackage(METADATA)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "", // arrays of primitives
                METADATA,
                "java.lang..",
                "java.util",
                "java.util.function",
                "java.util.regex",
                "java.util.stream",
                "java.util.zip",
                "java.nio.charset",
                "org.jspecify..")
            .because("a format is read and written without knowing why, when or for whom"),
        PlantedMetadata.KnowsCore.class);
  }

  private static Rule kafkaConsumerStaysInTheShell() {
    return new Rule(
        noClasses()
            .that()
            .resideOutsideOfPackage(SHELL)
            .should()
            .dependOnClassesThat(type(KafkaConsumer.class))
            .because("one thread alone may be inside a KafkaConsumer"),
        PlantedApi.HoldsKafkaConsumer.class);
  }

  private static Rule jacksonStaysInJsonClasses() {
    return new Rule(
        noClasses()
            .that(DescribedPredicate.not(outermostNameContains("Json")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(JACKSON)
            .because("an embedder without the Jackson jars shall lose nothing but JSON"),
        PlantedApi.UsesJackson.class);
  }

  private static Rule onlyWhatAnEmbedderHasIsUsed() {
    return new Rule(
        classes()
            .that()
            .resideOutsideOfPackage(MICROMETER)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "", // arrays of primitives
                "java..",
                ROOT + "..",
                "org.apache.kafka..",
                "org.slf4j..",
                "org.jspecify..",
                JACKSON)
            .because("Spring, Micrometer and the like may be missing at run time"),
        PlantedApi.UsesWhatEmbeddersLack.class);
  }

  private static Rule kafkaUtilsAreNotUsed() {
    return new Rule(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.common.utils..")
            .because("they are internal to kafka-clients and move between its versions"),
        PlantedApi.UsesKafkaUtils.class);
  }

  private static Rule nobodySleeps() {
    return new Rule(
        noClasses()
            .should()
            .accessTargetWhere(callOfAny(Set.of("java.lang.Thread.sleep")))
            .because("a wait must be possible to end early, and virtual in a simulation"),
        PlantedApi.Sleeps.class);
  }

  private static Rule publicApiShowsNoInternalType() {
    return new Rule(
        classes()
            .that()
            .resideOutsideOfPackage(INTERNAL + "..")
            .and()
            .arePublic()
            .should(new ShowNoTypeOf(INTERNAL))
            .because("what users can name, we cannot change"),
        PlantedApi.ShowsInternals.class);
  }

  private static Rule nothingButUsersNeedsTheTestDriver() {
    return new Rule(
        noClasses()
            .that()
            .resideOutsideOfPackage(TESTING)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TESTING)
            .because("what runs in production shall not hang on what is there for tests"),
        PlantedApi.NeedsTheTestDriver.class);
  }

  private static Rule nothingButUsersNeedsTheMicrometerBinder() {
    return new Rule(
        noClasses()
            .that()
            .resideOutsideOfPackage(MICROMETER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(MICROMETER)
            .because("it can be loaded only where Micrometer is there"),
        PlantedApi.NeedsTheMicrometerBinder.class);
  }

  private static Rule metricsComeFromThePublicApi() {
    return new Rule(
        classes()
            .that()
            .resideInAPackage(MICROMETER)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "", // arrays of primitives
                ROOT,
                MICROMETER,
                "java..",
                "org.apache.kafka.common",
                "org.slf4j..",
                "org.jspecify..",
                "io.micrometer..")
            .because("what one binder shows, any other must be able to"),
        PlantedMicrometer.KnowsInternals.class);
  }

  private static com.tngtech.archunit.lang.ArchRule coreWithout(
      DescribedPredicate<JavaClass> forbidden) {
    return noClasses().that().resideInAPackage(CORE).should().dependOnClassesThat(forbidden);
  }

  private static DescribedPredicate<JavaAccess<?>> callOfAny(Set<String> methods) {
    return DescribedPredicate.describe(
        "it is one of " + methods,
        access -> {
          AccessTarget target = access.getTarget();
          return methods.contains(target.getOwner().getName() + "." + target.getName());
        });
  }

  private static DescribedPredicate<JavaClass> nameStartsWith(String prefix) {
    return DescribedPredicate.describe(
        "named " + prefix + "*", type -> type.getSimpleName().startsWith(prefix));
  }

  private static DescribedPredicate<JavaClass> outermostNameContains(String part) {
    return DescribedPredicate.describe(
        "named *" + part + "*",
        type -> {
          String withPackage = type.getName();
          String name = withPackage.substring(withPackage.lastIndexOf('.') + 1);
          return name.split("\\$", 2)[0].contains(part);
        });
  }
}
