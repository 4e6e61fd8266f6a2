package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.DeadLetterPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
   * The pattern less the dead-letter topics; flags, groups and back references keep their meaning.
   * Empty where the expression cannot be put inside another.
   */
  static Optional<Pattern> excludedFrom(Pattern pattern, DeadLetterPolicy deadLetter) {
    List<String> own = new ArrayList<>();
    switch (deadLetter.kind()) {
      case TOPIC -> own.add(Pattern.quote(deadLetter.name()));
      case SUFFIX -> own.add(".*" + Pattern.quote(deadLetter.name()));
      case ROUTED, NONE -> {}
    }
    deadLetter.destinations().forEach(to -> own.add(Pattern.quote(to.topic())));
    return own.isEmpty() ? Optional.of(pattern) : without(pattern, String.join("|", own));
  }

  private static Optional<Pattern> without(Pattern pattern, String own) {
    boolean literal = (pattern.flags() & Pattern.LITERAL) != 0;
    String wanted = literal ? Pattern.quote(pattern.pattern()) : pattern.pattern();
    int flags = pattern.flags() & ~Pattern.LITERAL;
    // The flags are the user's; the names of our own topics are meant as they are written.
    String open = "(?!(?-ix:" + own + ")\\z)(?:" + wanted;
    for (String closing : CLOSINGS) {
      try {
        return Optional.of(Pattern.compile(open + closing, flags));
      } catch (PatternSyntaxException unclosed) {
        // what is still open may end with the next one
      }
    }
    return Optional.empty();
  }
}
