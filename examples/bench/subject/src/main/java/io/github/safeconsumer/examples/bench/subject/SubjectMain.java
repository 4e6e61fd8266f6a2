package io.github.safeconsumer.examples.bench.subject;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The child JVM of a subject. Reads runs from its standard input, one {@link RunSpec} a line; after
 * {@link Answer.What#HANDLED} it waits for one more line, whatever it says, before it ends the
 * subject. It ends at once when its input does, so it does not outlive its parent.
 */
public final class SubjectMain {
  private final ObjectMapper json = new ObjectMapper();
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final PrintStream out = System.out;

  private SubjectMain() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    SubjectMain main = new SubjectMain();
    // What libraries print must not get between the answers.
    System.setOut(System.err);
    Thread reader = new Thread(main::read, "runs");
    reader.setDaemon(true);
    reader.start();
    main.serve();
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // As if it had ended.
    } finally {
      // Nobody is left to hear of it, and a subject may be in mid-run.
      Runtime.getRuntime().halt(0);
    }
  }

  private void serve() throws IOException, InterruptedException {
    say(Answer.ready());
    while (true) {
      say(answer(json.readValue(lines.take(), RunSpec.class)));
    }
  }

  private Answer answer(RunSpec spec) {
    try {
      return Answer.closed(run(spec));
    } catch (Exception | LinkageError e) {
      return Answer.failed(stackTrace(e));
    }
  }

  private Answer.Closing run(RunSpec spec) throws Exception {
    Answer.Closing closing;
    try (SubjectRun run = new SubjectRun(spec)) {
      run.start();
      if (spec.prime() > 0) {
        run.awaitPrimed();
        say(Answer.primed());
      }
      say(Answer.handled(run.awaitHandled()));
      lines.take();
      closing = run.closing();
    }
    return closing;
  }

  private void say(Answer answer) throws IOException {
    out.println(json.writeValueAsString(answer));
    out.flush();
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
