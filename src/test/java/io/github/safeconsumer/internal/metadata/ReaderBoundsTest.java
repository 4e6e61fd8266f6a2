package io.github.safeconsumer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A string of the usual greatest length makes the reader allocate little, whoever wrote it. */
class ReaderBoundsTest {
  private static final int REST = 3032;
  private static final long MOST_ALLOCATED = 160 * 1024;

  private enum Hostile {
    BITMAP_OF_AS_MANY_RANGES_AS_ARE_READ(
        b -> section(b, Sections.DONE, new int[] {1, 0}, 0x55, NoteCodec.MAX_RANGES / 4)),
    BITMAP_OF_MORE(b -> section(b, Sections.DONE, new int[] {1, 0}, 0x55, REST)),
    BITMAP_OF_ONE_RANGE(b -> section(b, Sections.DONE, new int[] {1, 0}, 0xFF, REST)),
    RUNS(b -> section(b, Sections.DONE, new int[] {0}, 0, REST)),
    SUSPECTS(b -> section(b, Sections.CASE, new int[] {0, 0, 0, 0, 1, 0}, 0x55, REST)),
    SUSPECTS_AND_RANGES(
        b -> {
          section(
              b,
              Sections.CASE,
              new int[] {0, 0, 0, 0, 1, 0},
              0x55,
              NoteCodec.MAX_SUSPECT_RANGES / 4);
          section(b, Sections.DONE, new int[] {1, 0}, 0x55, NoteCodec.MAX_RANGES / 4);
        }),
    RETRIES(b -> section(b, Sections.RETRIES, new int[] {0}, 0, REST)),
    CONVICTIONS(b -> section(b, Sections.CONVICTIONS, new int[0], 0, REST)),
    LENGTH_OF_ALL_THERE_IS(b -> b.one(Sections.RETRIES).number(Long.MAX_VALUE));

    private final String text;

    Hostile(Consumer<Bytes> rest) {
      Bytes bytes = new Bytes().four(0).four(0).one(0).eight(1).number(0).number(0);
      rest.accept(bytes);
      text = Notes.seal(bytes.toArray());
    }

    private static void section(Bytes bytes, int tag, int[] head, int each, int times) {
      bytes.one(tag).number(head.length + times);
      for (int one : head) {
        bytes.one(one);
      }
      for (int i = 0; i < times; i++) {
        bytes.one(each);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldAllocateLittleForAHostileString(Hostile hostile) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertThat(hostile.text.length()).isLessThanOrEqualTo(4096);
    Notes.read(hostile.text, 0); // what is allocated once only

    long before = threads.getCurrentThreadAllocatedBytes();
    Reading reading = Notes.read(hostile.text, 0);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(reading).isNotNull();
    assertThat(allocated).as("bytes for %s", reading).isLessThan(MOST_ALLOCATED);
  }
}
