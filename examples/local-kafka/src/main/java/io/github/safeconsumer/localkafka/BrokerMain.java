package io.github.safeconsumer.localkafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The program of a node's JVM: formats the data directory once, then is an ordinary Kafka server.
 *
 * <p>It ends when its standard input does, which is when the JVM that started it is gone, however
 * that came about. Kafka is called by name because its classes are on the class path of this JVM
 * only.
 */
final class BrokerMain {
  private static final int HALTED_WITH_PARENT = 137;

  private BrokerMain() {}

  /** Takes the properties file, the cluster id, and the directory to delete with the parent. */
  public static void main(String[] args) throws ReflectiveOperationException, IOException {
    Path propertiesFile = Path.of(args[0]);
    String clusterId = args[1];
    Path directory = Path.of(args[2]);
    endWithParent(directory);
    if (!isFormatted(propertiesFile)) {
      format(propertiesFile, clusterId);
    }
    Class.forName("kafka.Kafka")
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[] {propertiesFile.toString()});
  }

  private static void endWithParent(Path directory) {
    Thread watch = new Thread(() -> haltAtEndOfInput(directory), "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void haltAtEndOfInput(Path directory) {
    try (InputStream in = System.in) {
      in.transferTo(OutputStream.nullOutputStream());
      // By another process, since this one would go on writing; and nobody else is left to do it.
      new ProcessBuilder("rm", "-rf", directory.toString()).start();
    } catch (IOException e) {
      System.err.println("halting without having deleted " + directory + ": " + e);
    } finally {
      Runtime.getRuntime().halt(HALTED_WITH_PARENT);
    }
  }

  private static boolean isFormatted(Path propertiesFile) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(propertiesFile)) {
      properties.load(in);
    }
    return Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"));
  }

  private static void format(Path propertiesFile, String clusterId)
      throws ReflectiveOperationException, IOException {
    String[] arguments = {"format", "-t", clusterId, "-c", propertiesFile.toString()};
    Class<?> tool = Class.forName("kafka.tools.StorageTool");
    int status;
    try {
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      status =
          (int)
              tool.getMethod("execute", String[].class, PrintStream.class)
                  .invoke(null, arguments, out);
    } catch (NoSuchMethodException before39) {
      status = inAJvmOfItsOwn(tool, arguments);
    }
    if (status != 0) {
      throw new IllegalStateException("could not format the data directory, status " + status);
    }
  }

  /** The tool of Kafka 3.8 and before has a main method only, and that ends its JVM. */
  private static int inAJvmOfItsOwn(Class<?> tool, String[] arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), tool.getName()));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "interrupted while Kafka formatted its directory", interrupted);
    }
  }
}
