package io.github.safeconsumer.planted;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests in this JVM and prints a line for each: {@code #started}, {@code #passed} or {@code
 * #failed}, and {@code Class.method}. Arguments: classes, or {@code class#method}.
 */
final class RunTests {
  /** A bug may make a test wait for ever. */
  private static final String LIMIT = "30 s";

  private RunTests() {}

  public static void main(String[] args) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Set<String> asked = Set.of(args);
    List<ClassSelector> classes =
        asked.stream()
            .map(test -> test.replaceFirst("#.*", ""))
            .distinct()
            .map(DiscoverySelectors::selectClass)
            .toList();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(classes)
            .filters(onlyAsked(asked))
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
            .configurationParameter("junit.jupiter.execution.timeout.default", LIMIT)
            .build();
    LauncherFactory.create().execute(request, new Telling(out));
    out.flush();
    Runtime.getRuntime().halt(0); // threads that a bug left behind are nobody's business
  }

  /** By name and not by a selector, which would want the types of a method's parameters. */
  private static PostDiscoveryFilter onlyAsked(Set<String> asked) {
    return test ->
        FilterResult.includedIf(
            test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(
                    method ->
                        asked.contains(method.getClassName())
                            || asked.contains(method.getClassName() + "#" + method.getMethodName()))
                .orElse(true));
  }

  private record Telling(PrintStream out) implements TestExecutionListener {
    private static String name(TestIdentifier test) {
      return test.getSource()
          .filter(MethodSource.class::isInstance)
          .map(MethodSource.class::cast)
          .map(m -> m.getClassName().replaceFirst(".*\\.", "") + "." + m.getMethodName())
          .orElse("");
    }

    @Override
    public void executionStarted(TestIdentifier test) {
      if (test.isTest()) {
        out.println("#started " + name(test));
      }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String name = name(test);
      boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
      if (!name.isEmpty()) {
        out.println((passed ? "#passed " : "#failed ") + name);
      }
      if (!passed) {
        out.println(
            "  "
                + test.getDisplayName()
                + ": "
                + result.getThrowable().map(String::valueOf).orElse("").lines().limit(8).toList());
      }
    }
  }
}
