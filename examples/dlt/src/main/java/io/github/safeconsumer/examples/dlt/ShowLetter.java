package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.DeadLetters.Entry;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All about one of them. */
@Command(
    name = "show",
    description = {"Shows a dead letter: --at or --letter says which.", ""})
final class ShowLetter extends Letters {
  @Option(
      names = "--at",
      paramLabel = "PARTITION@OFFSET",
      description = "the place in the dead-letter topic")
  private String at;

  @Option(names = "--letter", paramLabel = "ID", description = "the id of the letter")
  private String letter;

  private long[] place = {};

  ShowLetter(PrintStream out) {
    super(out);
  }

  @Override
  void check() {
    if ((at == null) == (letter == null)) {
      throw new IllegalArgumentException("show needs either --at PARTITION@OFFSET or --letter ID");
    }
    if (at != null) {
      place = Values.place(at);
    }
  }

  @Override
  int run(DeadLetters letters) {
    List<Entry> found =
        at == null
            ? letters.find(letter)
            : letters.find((int) place[0], place[1]).stream().toList();
    for (Entry entry : found) {
      if (json) {
        out.println(Json.of(entry, values));
      } else {
        Text.of(entry, values).forEach(out::println);
      }
    }
    if (found.isEmpty()) {
      out.println(json ? "null" : "There is no such dead letter.");
    }
    return found.isEmpty() ? Dlt.NOT_ALL : Dlt.DONE;
  }
}
