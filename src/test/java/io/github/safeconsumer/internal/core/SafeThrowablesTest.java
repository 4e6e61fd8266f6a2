package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeThrowablesTest {
  @Test
  void shouldDescribeAnOrdinaryException() {
    Exception e = new IllegalStateException("outer", new java.io.IOException("inner"));

    assertThat(SafeThrowables.className(e)).isEqualTo("java.lang.IllegalStateException");
    assertThat(SafeThrowables.message(e, 100)).isEqualTo("outer");
    assertThat(SafeThrowables.messages(e, 100))
        .isEqualTo("outer; caused by java.io.IOException: inner");
    assertThat(SafeThrowables.stack(e, 8_000))
        .startsWith("java.lang.IllegalStateException\n\tat ")
        .contains("Caused by: java.io.IOException\n\tat ");
  }

  @Test
  void shouldKeepMessagesOutOfTheStackBecauseTheyCanHoldDataOfTheRecord() {
    Exception e = new IllegalStateException("secret-1", new RuntimeException("secret-2"));
    e.addSuppressed(new RuntimeException("secret-3"));

    assertThat(SafeThrowables.stack(e, 100_000)).contains("Suppressed: ").doesNotContain("secret");
  }

  @Test
  void shouldSayNothingTwice() {
    Exception cause = new RuntimeException("inner");

    assertThat(SafeThrowables.messages(new RuntimeException(cause), 100))
        .isEqualTo("java.lang.RuntimeException: inner");
  }

  @Test
  void shouldBeEmptyForNothing() {
    assertThat(SafeThrowables.className(null)).isEmpty();
    assertThat(SafeThrowables.message(null, 10)).isEmpty();
    assertThat(SafeThrowables.messages(null, 10)).isEmpty();
    assertThat(SafeThrowables.stack(null, 10)).isEmpty();
    assertThat(SafeThrowables.message(new Exception(), 10)).isEmpty();
  }

  @Test
  void shouldSurviveAnExceptionWhoseEveryMethodThrows() {
    Throwable hostile = new Hostile();

    assertThat(SafeThrowables.className(hostile)).endsWith("Hostile");
    assertThat(SafeThrowables.message(hostile, 1_000))
        .contains("getMessage() threw java.lang.StackOverflowError");
    assertThat(SafeThrowables.messages(hostile, 1_000)).contains("getMessage() threw");
    assertThat(SafeThrowables.stack(hostile, 1_000))
        .contains("Hostile")
        .contains("getStackTrace() threw");
  }

  @Test
  void shouldSurviveMissingFrames() {
    Throwable nulls =
        new RuntimeException() {
          private static final long serialVersionUID = 1L;

          @Override
          public StackTraceElement[] getStackTrace() {
            return null;
          }
        };

    assertThat(SafeThrowables.stack(nulls, 1_000)).contains("threw java.lang.NullPointerException");
  }

  @Test
  void shouldEndOnCyclicCauses() {
    Exception a = new Exception("a");
    Exception b = new Exception("b", a);
    a.initCause(b);
    a.addSuppressed(b);

    assertThat(SafeThrowables.stack(a, 1_000_000)).containsOnlyOnce("Caused by: ");
    assertThat(SafeThrowables.messages(a, 1_000)).isEqualTo("a; caused by java.lang.Exception: b");
  }

  @Test
  void shouldEndOnACauseThatIsNewEachTime() {
    Throwable endless = new Endless();

    assertThat(SafeThrowables.stack(endless, 1_000_000)).isNotEmpty();
    assertThat(SafeThrowables.messages(endless, 1_000_000)).isNotEmpty();
  }

  @Test
  void shouldKeepEveryBoundWithoutSplittingACharacter() {
    String astral = "😀".repeat(3_000_000);
    Exception e = new Exception(astral, new Exception("x".repeat(1_000_000)));

    for (int bound : new int[] {0, 1, 2, 3, 4, 5, 6, 999, 1_000}) {
      String message = SafeThrowables.message(e, bound);
      assertThat(message.length()).isLessThanOrEqualTo(bound);
      assertThat(
              new String(
                  message.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                  java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo(message);
      assertThat(SafeThrowables.messages(e, bound).length()).isLessThanOrEqualTo(bound);
      assertThat(SafeThrowables.stack(e, bound).length()).isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void shouldShowTheRootCauseOfADeepStack() {
    Exception root = new Exception();
    root.setStackTrace(deep(1_000));
    Exception outer = new Exception(root);
    outer.setStackTrace(deep(1_000));

    assertThat(SafeThrowables.stack(outer, 8_000))
        .contains("\t... 976 more\nCaused by: java.lang.Exception\n\tat ");
  }

  private static StackTraceElement[] deep(int frames) {
    StackTraceElement[] all = new StackTraceElement[frames];
    for (int i = 0; i < frames; i++) {
      all[i] = new StackTraceElement("com.example.Service" + i, "call", "Service.java", i);
    }
    return all;
  }

  private static final class Endless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      return new Endless();
    }

    @Override
    public String getMessage() {
      return "message " + System.identityHashCode(this);
    }
  }

  private static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new StackOverflowError();
    }

    @Override
    public String toString() {
      throw new IllegalStateException("toString");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("getCause");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("getStackTrace");
    }

    @Override
    public boolean equals(Object other) {
      throw new IllegalStateException("equals");
    }

    @Override
    public int hashCode() {
      throw new IllegalStateException("hashCode");
    }
  }
}
