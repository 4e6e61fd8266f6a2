package io.github.safeconsumer.internal.replay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands beside a replay's position in a partition of the dead-letter topic, as text in the
 * offset's metadata. Public: docs/VERSIONING.md.
 *
 * @param end the letters below this offset belong to the id
 * @param topicId of the dead-letter topic
 * @param target a topic, or empty for the origin
 * @param filter its text; empty where nobody gave one
 */
record ReplayState(long end, String topicId, Optional<String> target, String filter) {
  /** Longest text of a filter that is stored as it is. */
  static final int LONGEST_FILTER = 1_000;

  private static final Pattern TEXT =
      Pattern.compile(
          "sr1;end=(\\d{1,18});id=([^;]*);to=(origin|topic:[a-zA-Z0-9._-]{1,249});filter=(.*)",
          Pattern.DOTALL);

  String text() {
    return "sr1;end="
        + end
        + ";id="
        + topicId
        + ";to="
        + target.map(name -> "topic:" + name).orElse("origin")
        + ";filter="
        + filter;
  }

  /** Empty where a replay of this version did not write it. */
  static Optional<ReplayState> read(String text) {
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      return Optional.empty();
    }
    String to = found.group(3);
    return Optional.of(
        new ReplayState(
            Long.parseLong(found.group(1)),
            found.group(2),
            to.equals("origin") ? Optional.empty() : Optional.of(to.substring("topic:".length())),
            found.group(4)));
  }

  /** A filter's text as it is stored: brokers take 4,096 characters in all. */
  static String storable(String filter) {
    if (filter.length() <= LONGEST_FILTER) {
      return filter;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return "sha256:"
          + HexFormat.of().formatHex(digest.digest(filter.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
