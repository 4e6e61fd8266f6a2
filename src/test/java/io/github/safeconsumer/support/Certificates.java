package io.github.safeconsumer.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate authority and what it signed, made with the JDK's keytool while the test runs: no
 * key is checked in. Each name gets a key store of its own, and the authority a trust store.
 */
public final class Certificates {
  /** Of every store and key. */
  public static final String PASSWORD = "store-secret";

  private static final String AUTHORITY = "authority";

  private final Path directory;

  private Certificates(Path directory) {
    this.directory = directory;
  }

  /** A new authority that keeps its files in this directory. */
  public static Certificates create(Path directory) {
    Certificates certificates = new Certificates(directory);
    certificates.keytool(
        "authority.p12", AUTHORITY, "-ext", "BasicConstraints:critical=ca:true", "-validity", "2");
    certificates.writeTrustStore();
    return certificates;
  }

  /** Signs a certificate for a server on this machine. */
  public Certificates server(String name) {
    return signed(name, "-ext", "SAN=ip:127.0.0.1,dns:localhost", "-validity", "2");
  }

  /** Signs a certificate for a client. */
  public Certificates client(String name) {
    return signed(name, "-validity", "2");
  }

  /** Signs a certificate that ended a month ago. */
  public Certificates expiredClient(String name) {
    return signed(name, "-startdate", "-40d", "-validity", "10");
  }

  /** Makes a certificate that the authority knows nothing of. */
  public Certificates stranger(String name) {
    keytool(name + ".p12", name, "-validity", "2");
    return this;
  }

  /** The key and the certificate chain of this name. */
  public Path keyStore(String name) {
    return directory.resolve(name + ".p12");
  }

  /** Trusts the authority. */
  public Path trustStore() {
    return directory.resolve("trust.p12");
  }

  private Certificates signed(String name, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-signer", AUTHORITY, "-signerkeypass", PASSWORD));
    keytool("authority.p12", name, all.toArray(String[]::new));
    KeyStore from = load(directory.resolve("authority.p12"));
    try {
      KeyStore to = KeyStore.getInstance("PKCS12");
      to.load(null, null);
      char[] password = PASSWORD.toCharArray();
      to.setKeyEntry(name, from.getKey(name, password), password, from.getCertificateChain(name));
      save(to, keyStore(name));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("could not split off the key store of " + name, e);
    }
    return this;
  }

  private void writeTrustStore() {
    KeyStore from = load(directory.resolve("authority.p12"));
    try {
      KeyStore to = KeyStore.getInstance("PKCS12");
      to.load(null, null);
      to.setCertificateEntry(AUTHORITY, from.getCertificate(AUTHORITY));
      save(to, trustStore());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("could not write the trust store", e);
    }
  }

  private static KeyStore load(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("could not read " + file, e);
    }
  }

  private static void save(KeyStore store, Path file) throws GeneralSecurityException, IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
  }

  private void keytool(String store, String alias, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-keystore", directory.resolve(store).toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-alias", alias, "-dname", "CN=" + alias));
    command.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool failed for " + alias + ": " + printed);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not run keytool", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool ran", e);
    }
  }
}
