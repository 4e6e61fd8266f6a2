package io.github.safeconsumer.examples.faults;

import java.time.Duration;
import java.util.SplittableRandom;

/** The kinds of trouble. */
final class Troubles {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration BETWEEN_RESTARTS = Duration.ofMillis(500);

  private Troubles() {}

  /** The downstream refuses connections for a while. */
  static Trouble downstreamAway(Duration after, Duration away) {
    return stage -> {
      sleep(after);
      stage.downstream().close();
      sleep(away);
      stage.downstream().open();
    };
  }

  /** The dead-letter topic is deleted, and created again after a while. */
  static Trouble deadLetterTopicAway(Duration away) {
    return stage -> {
      String topic = MemberSettings.deadLetterTopic(stage.topic());
      stage.broker().delete(topic);
      sleep(away);
      stage.broker().create(topic, 1);
    };
  }

  /** Members are killed, one after the other, whichever it is and whatever it does. */
  static Trouble kills(int count, Duration mostBetween, long seed) {
    return stage -> {
      SplittableRandom random = new SplittableRandom(seed);
      for (int kill = 0; kill < count; kill++) {
        sleep(Duration.ofMillis(random.nextLong(mostBetween.toMillis())));
        int member = random.nextInt(stage.crew().size());
        awaitAlive(stage, member);
        stage.crew().kill(member);
        while (stage.crew().deaths() <= kill) {
          sleep(LOOK);
        }
      }
    };
  }

  /** Each member is told to end; the next one only when the one before works again. */
  static Trouble rollingRestart() {
    return stage -> {
      for (int member = 0; member < stage.crew().size(); member++) {
        sleep(BETWEEN_RESTARTS);
        stage.crew().terminate(member);
        while (!stage.isAtWork(member)) {
          sleep(LOOK);
        }
      }
    };
  }

  private static void awaitAlive(Stage stage, int member) throws InterruptedException {
    while (!stage.crew().isAlive(member)) {
      sleep(LOOK);
    }
  }

  private static void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }
}
