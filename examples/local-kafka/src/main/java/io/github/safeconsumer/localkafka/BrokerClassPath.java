package io.github.safeconsumer.localkafka;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The jars of the broker, as the build resolved them on this machine, and the class that starts it.
 */
record BrokerClassPath(String value) {
  private static final String RESOURCE = "/broker.classpath";

  static BrokerClassPath load() {
    return new BrokerClassPath(here() + File.pathSeparator + jars());
  }

  private static String jars() {
    try (InputStream in = BrokerClassPath.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            RESOURCE + " is not on the class path: build once with Maven, which writes it");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + RESOURCE, e);
    }
  }

  private static Path here() {
    try {
      return Path.of(BrokerMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("could not find the class path of the fixture", e);
    }
  }
}
