package io.github.safeconsumer.support;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** Leaves a test class out where there is no Docker, and prints one line that says so. */
public final class DockerOrSayWhy implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (DockerClientFactory.instance().isDockerAvailable()) {
      return ConditionEvaluationResult.enabled("Docker is there");
    }
    String line =
        "LEFT OUT: %s, for want of Docker; its tests ran on forked brokers instead"
            .formatted(context.getRequiredTestClass().getSimpleName());
    System.out.println(line);
    return ConditionEvaluationResult.disabled(line);
  }
}
