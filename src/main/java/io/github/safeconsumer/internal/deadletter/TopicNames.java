package io.github.safeconsumer.internal.deadletter;

/** Kafka's rule for the name of a topic. */
final class TopicNames {
  static final String RULE =
      "1 to 249 of letters, digits, '.', '_' and '-', and neither \".\" nor \"..\"";

  private static final int LONGEST = 249;

  private TopicNames() {}

  static boolean valid(String name) {
    if (name.isEmpty() || name.length() > LONGEST || name.equals(".") || name.equals("..")) {
      return false;
    }
    return name.chars().allMatch(TopicNames::legal);
  }

  private static boolean legal(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
