package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.DeadLetterPolicy;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Keeps a pattern subscription off the consumer's own dead-letter topics: otherwise a dead letter
 * would be read, fail again, and make another dead letter, without end.
 */
final class OwnTopics {
  /**
   * What may have to come between the user's expression and the closing parenthesis: an open
   * comment or quotation ends first.
   */
  private static final String[] CLOSINGS = {")", "\n)", "\\E)"};

  private OwnTopics() {}

  /**
   * The pattern less the dead-letter topics. Flags, groups and back references keep their meaning.
   */
  static Pattern excludedFrom(Pattern pattern, DeadLetterPolicy deadLetter) {
    return switch (deadLetter.kind()) {
      case TOPIC -> without(pattern, Pattern.quote(deadLetter.name()));
      case SUFFIX -> without(pattern, ".*" + Pattern.quote(deadLetter.name()));
      case ROUTED, NONE -> pattern;
    };
  }

  private static Pattern without(Pattern pattern, String own) {
    boolean literal = (pattern.flags() & Pattern.LITERAL) != 0;
    String wanted = literal ? Pattern.quote(pattern.pattern()) : pattern.pattern();
    int flags = pattern.flags() & ~Pattern.LITERAL;
    // The flags are the user's; the names of our own topics are meant as they are written.
    String open = "(?!(?-ix:" + own + ")\\z)(?:" + wanted;
    for (String closing : CLOSINGS) {
      try {
        return Pattern.compile(open + closing, flags);
      } catch (PatternSyntaxException unclosed) {
        // what is still open may end with the next one
      }
    }
    throw new IllegalStateException(
        "cannot exclude dead-letter topics from the pattern " + Shown.text(pattern.pattern()));
  }
}
