package io.github.safeconsumer.examples.preflight;

import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.Preflight.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * Prints what is wrong with the consumer settings in a properties file. Exit codes: 0 when nothing
 * is, advice aside; 1 for warnings; 2 for settings that are unsafe; 64 for arguments that mean
 * nothing and files that cannot be read.
 */
public final class CheckFile {
  static final int FINE = 0;
  static final int WARNING = 1;
  static final int UNSAFE = 2;
  static final int USAGE = 64;

  private CheckFile() {}

  /** Takes a file and options, see {@link Arguments#HELP}. */
  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    if (args.contains("--help") || args.contains("-h")) {
      out.println(Arguments.HELP);
      return FINE;
    }
    try {
      Arguments arguments = Arguments.parse(args);
      Properties settings = read(arguments.file());
      List<Finding> findings = Preflight.check(settings, arguments.latency());
      new Report(arguments, settings, findings).lines().forEach(out::println);
      return exitCode(findings);
    } catch (UsageException wrong) {
      err.println("preflight: " + wrong.getMessage());
      err.println("examples/run preflight --help tells more");
      return USAGE;
    }
  }

  private static Properties read(Path file) throws UsageException {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      settings.load(reader);
      return settings;
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new UsageException("cannot read " + file + " as a properties file: " + unreadable);
    }
  }

  /** The findings come with the most severe first. */
  private static int exitCode(List<Finding> findings) {
    if (findings.isEmpty()) {
      return FINE;
    }
    return switch (findings.get(0).severity()) {
      case UNSAFE -> UNSAFE;
      case WARNING -> WARNING;
      case ADVICE -> FINE;
    };
  }
}
