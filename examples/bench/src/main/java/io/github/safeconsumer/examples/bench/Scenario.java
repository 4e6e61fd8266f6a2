package io.github.safeconsumer.examples.bench;

import java.util.List;

/**
 * A situation that all subjects are put into.
 *
 * @param subjects who is run in it where nobody is named
 */
record Scenario(String name, String description, List<Variant> variants, List<String> subjects) {}
