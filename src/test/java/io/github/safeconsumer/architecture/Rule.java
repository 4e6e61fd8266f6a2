package io.github.safeconsumer.architecture;

import com.tngtech.archunit.lang.ArchRule;

/**
 * A rule and a class that breaks it.
 *
 * @param plant in the test sources; by it the rule proves that it still sees what it forbids
 */
record Rule(ArchRule rule, Class<?> plant) {
  Rule {
    // A package that a rule speaks of may be empty for now.
    rule = rule.allowEmptyShould(true);
  }

  @Override
  public String toString() {
    return rule.getDescription();
  }
}
