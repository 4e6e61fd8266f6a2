package io.github.safeconsumer.internal.metadata;

import io.github.safeconsumer.internal.metadata.Reading.Ignored;
import io.github.safeconsumer.internal.metadata.Reading.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a {@link Note}: a prefix with the version, then bytes in base64url, of which the
 * last four are a checksum of all before them, the prefix included. docs/VERSIONING.md says it in
 * full.
 */
public final class NoteCodec {
  /** A string of Kafka's protocol can hold no more. */
  static final int MAX_CHARS = Short.MAX_VALUE;

  /**
   * More done ranges are not read: a bitmap says them in two bits each, in memory they are large.
   */
  static final int MAX_RANGES = 2048;

  /** More ranges of suspects are not read. */
  static final int MAX_SUSPECT_RANGES = 512;

  private static final String PREFIX = "sc1:";
  private static final Pattern ANY_VERSION = Pattern.compile("sc([1-9][0-9]{0,2}):");
  private static final int CHECKSUM_BYTES = 4;

  private NoteCodec() {}

  /**
   * Writes a note as it is, however long that gets; {@link NoteFit} is for what is committed.
   *
   * @throws IllegalArgumentException if it has more ranges than any reader takes
   */
  public static String encode(Note note) {
    Checks.atMost("number of done ranges", note.done().size(), MAX_RANGES);
    CrashCase crashCase = note.crashCase();
    if (crashCase != null) {
      Checks.atMost("number of suspects", crashCase.suspects().size(), MAX_SUSPECT_RANGES);
    }
    return text(NoteWriter.write(note));
  }

  /** How long the text is, also of a note that has too many ranges. */
  static int length(Note note) {
    return length(NoteWriter.write(note));
  }

  /** How long the text of these bytes is, which do not have their checksum yet. */
  static int length(Bytes content) {
    int bytes = content.size() + CHECKSUM_BYTES;
    return PREFIX.length() + (bytes * 4 + 2) / 3;
  }

  /** The text of these bytes, which get their checksum here. */
  static String text(Bytes content) {
    byte[] checked = content.four(checksum(content.toArray(), content.size())).toArray();
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(checked);
  }

  /**
   * Reads the metadata of a commit, whatever it is.
   *
   * @param metadata the string
   * @param committedOffset the offset it was found beside
   * @param own whose offset that is
   */
  public static Reading decode(@Nullable String metadata, long committedOffset, Identity own) {
    if (metadata == null || metadata.isEmpty()) {
      return new Reading.None();
    }
    Matcher version = ANY_VERSION.matcher(metadata);
    if (!version.lookingAt()) {
      return new Ignored(Reason.FOREIGN, metadata.length() + " characters");
    }
    try {
      return compare(read(metadata, version.group(1)), committedOffset, own);
    } catch (Unreadable unreadable) {
      return unreadable.asReading();
    } catch (IllegalArgumentException senseless) {
      return new Ignored(Reason.DAMAGED, String.valueOf(senseless.getMessage()));
    }
  }

  private static Note read(String metadata, String version) {
    if (!version.equals("1")) {
      throw Unreadable.unknownVersion("version " + version);
    }
    byte[] bytes = bytes(metadata);
    int length = bytes.length - CHECKSUM_BYTES;
    if (length < 0) {
      throw Unreadable.damaged("only " + bytes.length + " bytes");
    }
    int expected = new Source(bytes, length, bytes.length).four();
    if (checksum(bytes, length) != expected) {
      throw Unreadable.damaged("wrong checksum of " + length + " bytes");
    }
    return NoteReader.read(new Source(bytes, 0, length));
  }

  private static byte[] bytes(String metadata) {
    if (metadata.length() > MAX_CHARS) {
      throw Unreadable.damaged(metadata.length() + " characters");
    }
    byte[] ascii =
        metadata.substring(PREFIX.length()).getBytes(StandardCharsets.US_ASCII); // else '?'
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(ascii);
    } catch (IllegalArgumentException notBase64) {
      // Its message may quote the string.
      throw Unreadable.damaged("not base64url, " + metadata.length() + " characters");
    }
    // The decoder takes padding and ignores the last bits: but a note has one text only.
    if (!Arrays.equals(Base64.getUrlEncoder().withoutPadding().encode(bytes), ascii)) {
      throw Unreadable.damaged("base64url with more than it says");
    }
    return bytes;
  }

  private static Reading compare(Note note, long committedOffset, Identity own) {
    Identity other = note.identity();
    if (!other.mayBeClusterOf(own)) {
      return new Ignored(
          Reason.OTHER_CLUSTER, "cluster %08x, not %08x".formatted(other.cluster(), own.cluster()));
    }
    if (note.base() != committedOffset) {
      return new Ignored(
          Reason.OTHER_OFFSET, "written beside " + note.base() + ", not " + committedOffset);
    }
    // Last, so that it says more than a difference: all else is right, so the topic is a new one.
    if (!other.mayBeTopicOf(own)) {
      return new Ignored(
          Reason.OTHER_TOPIC, "topic %08x, not %08x".formatted(other.topic(), own.topic()));
    }
    return new Reading.Read(note);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(PREFIX.getBytes(StandardCharsets.US_ASCII));
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
