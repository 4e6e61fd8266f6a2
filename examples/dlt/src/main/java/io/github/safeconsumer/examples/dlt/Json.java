package io.github.safeconsumer.examples.dlt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.DeadLetters.Listing;
import io.github.safeconsumer.ReplayReport;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** For programs: one line of JSON each. Keys, values and messages only when asked for. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static String of(Listing listing, boolean values) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("matched", listing.matched());
    all.put("read", listing.read());
    all.put("foreign", listing.foreign());
    all.put("letters", listing.entries().stream().map(e -> letter(e, values)).toList());
    return write(all);
  }

  static String of(Entry entry, boolean values) {
    return write(letter(entry, values));
  }

  static String of(ReplayReport report) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("id", report.id());
    all.put("dryRun", report.dryRun());
    all.put("ending", report.ending().name());
    all.put("problem", report.problem());
    all.put("resumed", report.resumed());
    all.put("read", report.read());
    all.put("foreign", report.foreign());
    all.put("matched", report.matched());
    all.put("sent", report.sent());
    all.put("duplicates", report.duplicates());
    all.put("refused", report.refused());
    all.put("targets", report.targets());
    all.put("otherReaders", report.otherReaders());
    all.put("warnings", report.warnings());
    all.put("tookMs", report.took().toMillis());
    return write(all);
  }

  private static Map<String, Object> letter(Entry entry, boolean values) {
    DeadLetter letter = entry.letter();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("place", entry.place());
    all.put("writtenAt", entry.writtenAt().toString());
    all.put("id", letter.id());
    all.put("topic", letter.origin().topic());
    all.put("partition", letter.origin().partition());
    all.put("offset", letter.offset());
    all.put("group", letter.groupId());
    all.put("reason", Text.word(letter.reason()));
    all.put("exception", letter.exceptionClass());
    all.put("attempts", letter.attempts());
    all.put("firstFailure", letter.firstFailure().toString());
    all.put("lastFailure", letter.lastFailure().toString());
    all.put("deadLetterBefore", letter.history().map(DeadLetter.History::times).orElse(0));
    all.put("truncated", letter.truncated());
    if (values) {
      all.put("message", letter.exceptionMessage());
      all.put("keyBase64", base64(letter.key()));
      all.put("valueBase64", base64(letter.value()));
    }
    return all;
  }

  private static String base64(byte[] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }

  private static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of texts and numbers are JSON", e);
    }
  }
}
