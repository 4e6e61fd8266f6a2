package io.github.safeconsumer.planted;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The program behind src/planted/check: plants one bug after the other in a copy of the sources,
 * compiles the copy, and runs the tests that have to catch it in a JVM of their own. Before that it
 * sees them pass without a bug: a test that fails anyway catches nothing.
 */
final class CheckPlantedBugs {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path work;
  private final TestNames names;

  private CheckPlantedBugs(Path work) {
    this.work = work;
    this.names = TestNames.ofTheProject();
  }

  /**
   * What the tests said of one variant of the code.
   *
   * @param output of the JVM
   */
  private record Verdict(Collection<String> failed, Collection<String> passed, String output) {}

  /**
   * Arguments: ids of bugs (none: all), after {@code --compile} where that is enough; or {@code
   * --table}.
   */
  public static void main(String[] args) throws Exception {
    List<String> asked = new ArrayList<>(List.of(args));
    if (asked.remove("--table")) {
      System.out.println(BugTable.of(PlantedBug.all()));
      return;
    }
    boolean compileOnly = asked.remove("--compile");
    List<PlantedBug> bugs =
        PlantedBug.all().stream()
            .filter(bug -> asked.isEmpty() || asked.contains(bug.id()))
            .toList();
    if (bugs.isEmpty() || (!asked.isEmpty() && bugs.size() != asked.size())) {
      System.err.println("unknown bug among " + asked);
      System.exit(2);
    }
    Path work = Files.createTempDirectory("planted");
    try {
      CheckPlantedBugs check = new CheckPlantedBugs(work);
      System.exit((compileOnly ? check.compile(bugs) : check.run(bugs)) ? 0 : 1);
    } finally {
      delete(work);
    }
  }

  /** Whether all can still be planted; what they do is not looked at. */
  private boolean compile(List<PlantedBug> bugs) throws IOException {
    int broken = 0;
    for (PlantedBug bug : bugs) {
      try {
        plant(bug.id(), bug.edits());
      } catch (IllegalStateException doesNotCompile) {
        broken++;
        System.out.println(bug.id() + " " + doesNotCompile.getMessage());
      }
      delete(work.resolve(bug.id()));
    }
    System.out.printf("%d of %d planted bugs compile%n", bugs.size() - broken, bugs.size());
    return broken == 0;
  }

  private boolean run(List<PlantedBug> bugs) throws Exception {
    long began = System.nanoTime();
    Set<String> all = new TreeSet<>();
    bugs.forEach(bug -> all.addAll(bug.tests()));
    Verdict without = verdict("no-bug", List.of(), all);
    all.removeAll(without.passed());
    all.addAll(without.failed());
    if (!all.isEmpty()) {
      System.out.println("These fail without a bug: " + all + "\n" + without.output());
      return false;
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors()));
    int caught = 0;
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (PlantedBug bug : bugs) {
        results.add(pool.submit(() -> isCaught(bug)));
      }
      for (Future<Boolean> result : results) {
        caught += result.get() ? 1 : 0;
      }
    } finally {
      pool.shutdownNow();
      pool.awaitTermination(1, TimeUnit.MINUTES); // else it still writes where all is deleted
    }
    System.out.printf(
        "%d of %d planted bugs caught, in %d s%n",
        caught, bugs.size(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
    return caught == bugs.size();
  }

  private boolean isCaught(PlantedBug bug) throws Exception {
    Verdict verdict;
    try {
      verdict = verdict(bug.id(), bug.edits(), bug.tests());
    } catch (IllegalStateException doesNotCompile) {
      System.out.println("ROTTEN   " + bug.id() + " " + doesNotCompile.getMessage());
      return false;
    }
    List<String> silent =
        bug.tests().stream().filter(test -> !verdict.failed().contains(test)).toList();
    String text =
        silent.isEmpty()
            ? "caught   " + bug.id() + " by " + String.join(", ", bug.tests())
            : (verdict.failed().isEmpty() ? "ESCAPED  " : "PARTLY   ")
                + bug.id()
                + ": not noticed by "
                + String.join(", ", silent)
                + "\n"
                + verdict.output();
    synchronized (System.out) {
      System.out.println(text);
    }
    return silent.isEmpty();
  }

  private Verdict verdict(String id, List<PlantedBug.Edit> edits, Collection<String> tests)
      throws IOException, InterruptedException {
    Verdict verdict = runTests(id, plant(id, edits), tests);
    delete(work.resolve(id));
    return verdict;
  }

  /** Returns where the changed classes are. */
  private Path plant(String id, List<PlantedBug.Edit> edits) throws IOException {
    Path sources = work.resolve(id).resolve("sources");
    Path classes = Files.createDirectories(work.resolve(id).resolve("classes"));
    copy(SOURCES, sources);
    compile(PlantedBug.plant(sources, edits), classes);
    return classes;
  }

  /**
   * The changed files only, against the classes of the build; without the checks of the build,
   * since a bug may well be one that they see.
   */
  private static void compile(Set<Path> changed, Path classes) throws IOException {
    if (changed.isEmpty()) {
      return;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of(
              "-nowarn",
              "-proc:none",
              "-implicit:none",
              "-parameters",
              "--release",
              "17",
              "-cp",
              System.getProperty("java.class.path"),
              "-d",
              classes.toString());
      boolean compiled =
          compiler
              .getTask(
                  complaints,
                  files,
                  null,
                  options,
                  null,
                  files.getJavaFileObjectsFromPaths(changed))
              .call();
      if (!compiled) {
        throw new IllegalStateException("does not compile:\n" + complaints);
      }
    }
  }

  private Verdict runTests(String id, Path classes, Collection<String> tests)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes + File.pathSeparator + System.getProperty("java.class.path"),
                RunTests.class.getName()));
    tests.stream().map(names::selector).forEach(command::add);
    Path output = work.resolve(id + ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    List<String> lines =
        Arrays.asList(Files.readString(output, StandardCharsets.UTF_8).split("\n"));
    Set<String> failed = named(lines, "#failed ");
    Set<String> passed = named(lines, "#passed ");
    if (!ended) { // the bug has made a test hang, and it is the one that was started last
      Set<String> open = named(lines, "#started ");
      open.removeAll(passed);
      failed.addAll(open);
    }
    return new Verdict(
        failed,
        passed,
        String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size())));
  }

  private static Set<String> named(List<String> lines, String prefix) {
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).trim())
        .collect(java.util.stream.Collectors.toCollection(TreeSet::new));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
