package io.github.safeconsumer.internal.config;

import java.util.regex.Pattern;

/** Kafka's rule for names of topics and for {@code group.instance.id}. */
final class TopicNames {
  static final int LONGEST = 249;
  static final String RULE =
      "must be 1 to "
          + LONGEST
          + " of the letters a-z and A-Z, digits, '.', '_' and '-', and not \".\" or \"..\"";

  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1," + LONGEST + "}");

  private TopicNames() {}

  static boolean legal(String name) {
    return LEGAL.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }
}
