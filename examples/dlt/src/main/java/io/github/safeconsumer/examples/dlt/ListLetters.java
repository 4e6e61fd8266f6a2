package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.DeadLetterFilter;
import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.DeadLetters.Listing;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is there. */
@Command(
    name = "list",
    description = {"Lists dead letters.", ""})
final class ListLetters extends Letters {
  @Mixin private Filters filters;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "list no more than so many (50)")
  private String limit = "";

  private DeadLetterFilter filter;
  private int most;

  ListLetters(PrintStream out) {
    super(out);
  }

  @Override
  void check() {
    filter = filters.all();
    most = (int) Math.min(Integer.MAX_VALUE, Values.number("--limit", limit, 0));
  }

  @Override
  int run(DeadLetters letters) {
    Listing listing = letters.list(filter, most);
    if (json) {
      out.println(Json.of(listing, values));
    } else {
      Text.of(listing, values).forEach(out::println);
    }
    return Dlt.DONE;
  }
}
