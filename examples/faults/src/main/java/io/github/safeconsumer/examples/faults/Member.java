package io.github.safeconsumer.examples.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The program of a member's process. */
final class Member {
  private static final int PARENT_GONE = 137;

  private Member() {}

  /** Takes what {@link MemberSettings#toArguments} says. */
  public static void main(String[] arguments) throws Exception {
    endWithParent();
    MemberSettings settings = MemberSettings.parse(arguments);
    JournalWriter journal = new JournalWriter(settings.journal(), settings.member());
    Work work = new Work(journal, settings.port());
    switch (settings.side()) {
      case NAIVE -> NaiveLoop.run(settings, journal, work);
      case SAFE -> SafeMember.run(settings, journal, work);
    }
  }

  /** Standard input ends when the process that started this one is gone, however that came. */
  private static void endWithParent() {
    InputStream in = System.in;
    Thread watch =
        new Thread(
            () -> {
              try {
                in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // The same as its end.
              }
              Runtime.getRuntime().halt(PARENT_GONE);
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
