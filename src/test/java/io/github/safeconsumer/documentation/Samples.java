package io.github.safeconsumer.documentation;

import io.github.safeconsumer.documentation.Documents.Block;
import io.github.safeconsumer.support.EmbedderClassPath;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The Java of a document, compiled as a reader would: on what the library brings and what a page
 * tells readers to add, with all warnings on.
 *
 * <p>The convention: a block that declares a type is a whole file and compiles as it is. Any other
 * block is a fragment. Its imports aside, it becomes the body of a method in which {@code consumer}
 * and {@code builder} are there, the usual packages are imported, and the types of the document's
 * whole files can be used.
 */
final class Samples {
  private static final Pattern TYPE =
      Pattern.compile(
          "^(?:public |final |abstract |sealed )*(?:class|record|interface|enum) (\\w+)",
          Pattern.MULTILINE);
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "^public (?:final |abstract |sealed )*(?:class|record|interface|enum) (\\w+)",
          Pattern.MULTILINE);
  private static final String BEFORE =
      """
      import io.github.safeconsumer.*;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.regex.Pattern;
      import org.apache.kafka.clients.consumer.*;
      import org.apache.kafka.common.TopicPartition;
      import org.apache.kafka.common.serialization.*;
      """;

  /** With Micrometer and the API of OpenTelemetry, which docs/METRICS.md speaks of. */
  private static final EmbedderClassPath CLASS_PATH =
      EmbedderClassPath.library()
          .withJarsOf(
              MeterRegistry.class,
              KeyValue.class,
              ObservationRegistry.class,
              Span.class,
              Context.class);

  private Samples() {}

  /** Where a piece of source came from. */
  private static final class Source extends SimpleJavaFileObject {
    private final Block block;
    private final String code;

    /** Lines of the source above the block's own. */
    private final int above;

    private Source(Block block, String className, String before, String after) {
      super(URI.create("string:///" + className + ".java"), Kind.SOURCE);
      this.block = block;
      this.code = before + block.code() + after;
      this.above = (int) before.lines().count();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }

    private String place(long line) {
      return block.file() + ":" + (block.line() + Math.max(0, line - 1 - above));
    }
  }

  /**
   * Compiles all Java of a document into a directory.
   *
   * @return what the compiler complains of, each with file and line; empty when it is content
   */
  static List<String> compile(Path document, Function<Block, Block> change, Path into) {
    List<Source> sources = new ArrayList<>();
    for (Block block : Documents.blocks(document, "java")) {
      Block changed = change.apply(block);
      sources.add(isWholeFile(changed) ? wholeFile(changed) : fragment(changed));
    }
    return sources.isEmpty() ? List.of() : compile(sources, into);
  }

  static boolean isWholeFile(Block block) {
    return TYPE.matcher(block.code()).find();
  }

  /** The class with the main method of a whole file. */
  static String className(Block block) {
    Matcher type = PUBLIC_TYPE.matcher(block.code());
    if (type.find()) {
      return type.group(1);
    }
    type = TYPE.matcher(block.code());
    if (!type.find()) {
      throw new AssertionError(block + " declares no type");
    }
    return type.group(1);
  }

  private static Source wholeFile(Block block) {
    return new Source(block, className(block), "", "");
  }

  /** Imports stay on their lines, so that a complaint names the right one. */
  private static Source fragment(Block block) {
    Map<Boolean, List<String>> lines =
        block.code().lines().collect(Collectors.partitioningBy(l -> l.startsWith("import ")));
    String name = "Fragment" + block.line();
    String before =
        String.join("\n", Objects.requireNonNull(lines.get(true)))
            + (lines.get(true).isEmpty() ? "" : "\n")
            + BEFORE
            + "@SuppressWarnings(\"unused\") class "
            + name
            + " {\n"
            + "void fragment(SafeConsumer<String, String> consumer,"
            + " SafeConsumer.Builder<String, String> builder) throws Exception {\n";
    String body = block.code().replaceAll("(?m)^import .*$", "");
    return new Source(
        new Block(block.file(), block.line(), block.language(), body), name, before, "}\n}\n");
  }

  private static List<String> compile(List<Source> sources, Path into) {
    JavaCompiler compiler =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK has a compiler");
    DiagnosticCollector<JavaFileObject> complaints = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "--release",
            "17",
            "-Xlint:all,-processing,-classfile",
            "-proc:none",
            "-cp",
            CLASS_PATH.value(),
            "-d",
            into.toString());
    compiler.getTask(null, null, complaints, options, null, sources).call();
    return complaints.getDiagnostics().stream()
        .map(
            d ->
                (d.getSource() instanceof Source source ? source.place(d.getLineNumber()) : "?")
                    + ": "
                    + d.getKind()
                    + ": "
                    + d.getMessage(Locale.ROOT))
        .toList();
  }
}
