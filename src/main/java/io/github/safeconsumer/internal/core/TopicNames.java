package io.github.safeconsumer.internal.core;

import java.util.regex.Pattern;

/** Kafka's rule for names of topics and for {@code group.instance.id}. */
public final class TopicNames {
  /** Longest name, in characters. */
  public static final int LONGEST = 249;

  /** The rule, as the end of a sentence. */
  public static final String RULE =
      "must be 1 to "
          + LONGEST
          + " of the letters a-z and A-Z, digits, '.', '_' and '-', and not \".\" or \"..\"";

  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1," + LONGEST + "}");

  private TopicNames() {}

  /** Whether Kafka takes this name. */
  public static boolean legal(String name) {
    return LEGAL.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }
}
