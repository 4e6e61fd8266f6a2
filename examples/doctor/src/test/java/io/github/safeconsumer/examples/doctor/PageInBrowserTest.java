package io.github.safeconsumer.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person sees of the page, in a real browser; left out where none is installed. */
class PageInBrowserTest {
  private static Browser browser;

  private final History history = new History("billing");
  private Page page;

  @BeforeAll
  static void start() throws IOException {
    Optional<Path> program = Browser.installed();
    assumeTrue(
        program.isPresent(),
        "LEFT OUT: no Chromium or Chrome on the PATH (apt-get install chromium), so nobody looked at"
            + " the page");
    browser = new Browser(program.get());
  }

  @AfterAll
  static void end() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    page = Page.open("127.0.0.1", 0, history);
  }

  @AfterEach
  void close() {
    page.close();
  }

  private void look(int width, int height) {
    browser.open(page.address(), width, height, width < 600, "dark");
    browser.await("document.readyState === 'complete' && !!document.querySelector('#head')");
  }

  private static String text(String selector) {
    return browser.evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  private static int count(String selector) {
    return browser.evaluate("document.querySelectorAll('" + selector + "').length").asInt();
  }

  private void fill() {
    Instant now = Instant.now();
    for (int second = 300; second >= 0; second -= 5) {
      Instant at = now.minus(Duration.ofSeconds(second));
      history.add(second > 150 ? Reports.fine(at) : Reports.stuck(at, 1_500L - 10 * second));
    }
  }

  @Test
  void shouldShowTheCauseItsRemedyAndThePlots() {
    fill();
    look(1_280, 900);
    browser.await("document.querySelectorAll('.cause').length === 1");

    assertThat(text("#group")).isEqualTo("billing");
    assertThat(text("#verdict")).isEqualTo("Something is wrong");
    assertThat(text(".cause .code")).isEqualTo("BLOCKED_PARTITION");
    assertThat(text(".cause .remedy")).contains("look at that process");
    assertThat(count("#lag path.curve")).isEqualTo(1);
    assertThat(count("#rates path.curve")).isEqualTo(2);
    assertThat(text("#lag")).as("numbers at the axis").contains("1.5k", "3k");
    assertThat(text("#rates")).as("times at the axis").containsPattern("\\d\\d:\\d\\d:\\d\\d");
    assertThat(count("#codes rect.good")).isEqualTo(1);
    assertThat(count("#codes rect.bad")).isEqualTo(1);
    assertThat(count("#partitions tr.noted")).isEqualTo(2);
  }

  @Test
  void shouldShowNamesAsTextWhateverTheyAre() {
    fill();
    look(1_280, 900);
    browser.await("document.querySelectorAll('.cause').length === 1");

    assertThat(text(".cause p")).startsWith(Reports.HOSTILE);
    assertThat(count("img")).isZero();
    assertThat(browser.evaluate("document.title").asText()).isEqualTo("(!) billing");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldSayThatNothingIsWrong() {
    history.add(Reports.fine(Instant.now()));
    look(1_280, 900);
    browser.await("document.querySelector('#head').className === 'good'");

    assertThat(text("#verdict")).isEqualTo("Nothing is wrong");
  }

  @Test
  void shouldSayThatBrokersDoNotAnswerInsteadOfShowingOldNumbersAsNew() {
    fill();
    history.failed("group billing could not be described");
    look(1_280, 900);
    browser.await("document.querySelector('#head').className === 'away'");

    assertThat(text("#verdict")).startsWith("No answer since ").contains("could not be described");
  }

  @ParameterizedTest
  @CsvSource({"360,740", "390,844", "768,1024", "1280,900"})
  void shouldFitTheScreen(int width, int height) {
    fill();
    look(width, height);
    browser.await("document.querySelectorAll('.cause').length === 1");

    JsonNode overhang =
        browser.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(overhang.asInt()).as("columns one would have to scroll to").isZero();
    assertThat(browser.evaluate("innerWidth").asInt()).isEqualTo(width);
    assertThat(
            browser
                .evaluate("document.querySelector('.cause').getBoundingClientRect().top")
                .asInt())
        .as("the cause is on the first screen")
        .isLessThan(height / 2);
  }
}
