package io.github.safeconsumer.examples.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.safeconsumer.localkafka.LocalKafka;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command as it is run, on a broker and a group in trouble; then the page, if one can look. */
@Timeout(600)
class DoctorOnKafkaTest {
  private static final Path PICTURES = Path.of("target", "screenshots");

  /** A longer history on the pictures: how many seconds before the group is spoilt, and after. */
  private static final int STAGE_SECONDS = Integer.getInteger("doctor.stage", 0);

  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start(1);
  }

  @AfterAll
  static void end() {
    kafka.close();
  }

  private static List<String> arguments(String group, String... more) {
    List<String> all =
        new ArrayList<>(List.of("--bootstrap", kafka.bootstrapServers(), "--group", group));
    all.addAll(List.of(more));
    return all;
  }

  private static int run(PrintStream out, CountDownLatch ends, List<String> arguments) {
    return Doctor.run(out, System.err, ends, arguments.toArray(String[]::new));
  }

  @Test
  void shouldTellByTableJsonExitCodeAndPage() throws Exception {
    try (Payments payments = new Payments(kafka.bootstrapServers())) {
      CountDownLatch ends = new CountDownLatch(1);
      PipedInputStream pipe = new PipedInputStream();
      PrintStream printed = new PrintStream(new PipedOutputStream(pipe), true, UTF_8);
      CompletableFuture<Integer> served =
          CompletableFuture.supplyAsync(
              () ->
                  run(printed, ends, arguments(Payments.GROUP, "--serve", "0", "--between", "2")));
      String address = new Scanner(pipe, UTF_8).nextLine();
      new CountDownLatch(1).await(STAGE_SECONDS, TimeUnit.SECONDS); // for the pictures only
      payments.spoil();

      assertTellsWhatIsWrong();
      new CountDownLatch(1).await(STAGE_SECONDS, TimeUnit.SECONDS);
      if (Browser.installed().isPresent()) {
        assertShows(address);
      }
      ends.countDown();
      assertThat(served.get(30, TimeUnit.SECONDS)).isEqualTo(Doctor.FINE);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(run(new PrintStream(out, true, UTF_8), new CountDownLatch(1), arguments("no-such")))
        .isEqualTo(Doctor.TROUBLE);
    assertThat(out.toString(UTF_8)).contains("GROUP_UNKNOWN");
  }

  private static void assertTellsWhatIsWrong() throws Exception {
    JsonNode report = new ObjectMapper().createObjectNode();
    List<String> codes = List.of();
    // The bad records are on their way when the first look begins.
    for (int i = 0; i < 5 && codes.size() < 2; i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PrintStream printed = new PrintStream(out, true, UTF_8);
      int exit = run(printed, new CountDownLatch(1), arguments(Payments.GROUP, "--json"));
      report = new ObjectMapper().readTree(out.toString(UTF_8));
      codes = report.get("causes").findValuesAsText("code").stream().distinct().toList();
      assertThat(exit).isEqualTo(codes.contains("NOTHING_WRONG") ? Doctor.FINE : Doctor.TROUBLE);
    }
    assertThat(codes).containsExactly("BLOCKED_RETRYING", "BLOCKED_PARTITION");
    assertThat(report.get("partitions")).hasSize(6);
    assertThat(report.get("members").findValuesAsText("clientId"))
        .containsExactlyInAnyOrder("payments-1", "payments-legacy");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, UTF_8);
    assertThat(run(printed, new CountDownLatch(1), arguments(Payments.GROUP)))
        .isEqualTo(Doctor.TROUBLE);
    System.out.println(out.toString(UTF_8));
    assertThat(out.toString(UTF_8))
        .contains("! BLOCKED_RETRYING: payments-", "! BLOCKED_PARTITION: payments-legacy");
  }

  private static void assertShows(String address) throws Exception {
    try (Browser browser = new Browser(Browser.installed().orElseThrow())) {
      for (String code : List.of("BLOCKED_RETRYING", "BLOCKED_PARTITION")) {
        browser.open(address, 1_280, 1_240, false, "dark");
        browser.await("document.querySelector('#causes')?.textContent.includes('" + code + "')");
      }
      browser.screenshot(PICTURES.resolve("doctor-desktop.png"));
      browser.open(address, 390, 1_300, true, "dark");
      browser.await("document.querySelectorAll('#partitions tr').length >= 6");
      browser.screenshot(PICTURES.resolve("doctor-phone.png"));
      browser.open(address, 1_280, 1_240, false, "light");
      browser.await("document.querySelectorAll('#partitions tr').length >= 6");
      browser.screenshot(PICTURES.resolve("doctor-light.png"));
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
