package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetterPolicy;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OwnTopicsTest {
  private static final List<String> TOPICS =
      List.of(
          "orders",
          "ORDERS",
          "orders.eu",
          "orders-dlt",
          "ordersxdlt",
          "orders.dlt",
          "ORDERS.DLT",
          "orders.eu.dlt",
          "orders.dlt.eu",
          "dlt",
          ".dlt",
          "payments",
          "aa",
          "a b",
          "orders.*",
          "#c");

  static Stream<Arguments> patterns() {
    return Stream.of(
        Arguments.of("orders.*", 0),
        Arguments.of("orders|payments|orders.dlt", 0),
        Arguments.of("^(orders.*)$", 0),
        Arguments.of("orders.*", Pattern.CASE_INSENSITIVE),
        Arguments.of("(?i)orders.*", 0),
        Arguments.of("orders.*", Pattern.LITERAL),
        Arguments.of("ORDERS.dlt", Pattern.LITERAL | Pattern.CASE_INSENSITIVE),
        Arguments.of("orders .* # all of them", Pattern.COMMENTS),
        Arguments.of("(?x) orders .* # all of them (really", 0),
        Arguments.of("\\Qorders.dlt", 0),
        Arguments.of("\\Q#c", Pattern.COMMENTS),
        Arguments.of("(.)\\1", 0),
        Arguments.of("(?<first>a)\\k<first>", 0),
        Arguments.of(
            ".*", Pattern.DOTALL | Pattern.MULTILINE | Pattern.UNICODE_CASE | Pattern.CANON_EQ),
        Arguments.of("", 0),
        Arguments.of("(?!orders).*", 0));
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void shouldNeverMatchOwnTopicsAndOtherwiseMatchTheSame(String expression, int flags) {
    Pattern given = Pattern.compile(expression, flags);

    for (String topic : TOPICS) {
      assertThat(matches(given, DeadLetterPolicy.toTopic("orders.dlt"), topic))
          .as("toTopic, %s", topic)
          .isEqualTo(given.matcher(topic).matches() && !topic.equals("orders.dlt"));
      assertThat(matches(given, DeadLetterPolicy.suffix(".dlt"), topic))
          .as("suffix, %s", topic)
          .isEqualTo(given.matcher(topic).matches() && !topic.endsWith(".dlt"));
      assertThat(
              matches(
                  given, DeadLetterPolicy.suffix(".dlt").on("payments", IOException.class), topic))
          .as("suffix and a topic for an exception, %s", topic)
          .isEqualTo(
              given.matcher(topic).matches()
                  && !topic.endsWith(".dlt")
                  && !topic.equals("payments"));
    }
  }

  @Test
  void shouldKeepTheFlags() {
    int flags = Pattern.CASE_INSENSITIVE | Pattern.COMMENTS | Pattern.DOTALL;

    assertThat(
            OwnTopics.excludedFrom(Pattern.compile("a", flags), DeadLetterPolicy.toTopic("x"))
                .orElseThrow()
                .flags())
        .isEqualTo(flags);
  }

  @Test
  void shouldLeaveThePatternAloneWhereNoTopicIsKnown() {
    Pattern given = Pattern.compile("orders.*");

    assertThat(OwnTopics.excludedFrom(given, DeadLetterPolicy.none())).containsSame(given);
    assertThat(OwnTopics.excludedFrom(given, DeadLetterPolicy.routed(letter -> "x")))
        .containsSame(given);
  }

  @Test
  void shouldBePartOfTheSubscription() {
    Subscription subscription =
        Given.settings(
                raw -> {
                  raw.topics = null;
                  raw.pattern = Pattern.compile("orders.*");
                })
            .subscription();

    assertThat(subscription.topics()).isEmpty();
    assertThat(subscription.covers("orders.eu")).isTrue();
    assertThat(subscription.covers("orders.dlt")).isFalse();
  }

  private static boolean matches(Pattern given, DeadLetterPolicy policy, String topic) {
    return OwnTopics.excludedFrom(given, policy).orElseThrow().matcher(topic).matches();
  }
}
