package io.github.safeconsumer.support;

import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.localkafka.LocalKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One broker with an authorizer for all tests of this JVM, ended with the JVM. Its plain listener
 * may do everything, for tests to prepare and check; over its two secure listeners nothing is
 * allowed but what {@link #allow} grants.
 */
public final class SecureKafka {
  /** A certificate that the broker knows. */
  public static final String MEMBER = "member";

  /** A certificate that has ended. */
  public static final String EXPIRED = "expired";

  /** A certificate of nobody's. */
  public static final String STRANGER = "stranger";

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int FEWEST_ITERATIONS = 4096;

  private final LocalKafka kafka;
  private final Certificates certificates;

  private SecureKafka(LocalKafka kafka, Certificates certificates) {
    this.kafka = kafka;
    this.certificates = certificates;
  }

  /** The broker, started by the first that asks. */
  public static SecureKafka get() {
    return Holder.KAFKA;
  }

  /** The plain listener, where everything is allowed. */
  public String plain() {
    return kafka.bootstrapServers();
  }

  /** Client settings for the listener with user name and password. */
  public Map<String, Object> scram(String user, String password) {
    Map<String, Object> settings = tls("SCRAM");
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "SCRAM-SHA-512");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(user, password));
    return settings;
  }

  /** Client settings for the listener that asks for a certificate. */
  public Map<String, Object> certificate(String name) {
    Map<String, Object> settings = tls("MUTUAL");
    settings.put("security.protocol", "SSL");
    settings.put("ssl.keystore.location", certificates.keyStore(name).toString());
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.password", Certificates.PASSWORD);
    return settings;
  }

  /** A trust store that does not know who signed the broker's certificate. */
  public Path foreignTrustStore() {
    return certificates.keyStore(STRANGER);
  }

  private Map<String, Object> tls(String listener) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", kafka.bootstrapServers(listener));
    settings.put("ssl.truststore.location", certificates.trustStore().toString());
    settings.put("ssl.truststore.type", "PKCS12");
    settings.put("ssl.truststore.password", Certificates.PASSWORD);
    return settings;
  }

  /** Adds a user and returns once the broker lets it in. */
  public void addUser(String user, String password) {
    ScramCredentialInfo how =
        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, FEWEST_ITERATIONS);
    try (Admin admin = Clients.admin(plain())) {
      admin
          .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, how, password)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not add user " + user, e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    await("user " + user).atMost(SOON).until(() -> isLetIn(user, password));
  }

  private boolean isLetIn(String user, String password) throws InterruptedException {
    try (Admin admin = Admin.create(scram(user, password))) {
      admin.describeCluster().clusterId().get();
      return true;
    } catch (ExecutionException notYet) {
      return false;
    }
  }

  /**
   * Grants exactly this and returns once the broker goes by it.
   *
   * @param principal such as {@code User:orders}
   */
  public void allow(String principal, Collection<Permission> permissions) {
    List<AclBinding> bindings = permissions.stream().map(p -> binding(principal, p)).toList();
    try (Admin admin = Clients.admin(plain())) {
      admin.createAcls(bindings).all().get();
      await("permissions of " + principal)
          .atMost(SOON)
          .until(() -> admin.describeAcls(of(principal)).values().get().containsAll(bindings));
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not allow " + permissions, e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static AclBinding binding(String principal, Permission permission) {
    return new AclBinding(
        new ResourcePattern(permission.type(), permission.name(), PatternType.LITERAL),
        new AccessControlEntry(principal, "*", permission.operation(), AclPermissionType.ALLOW));
  }

  private static AclBindingFilter of(String principal) {
    return new AclBindingFilter(
        ResourcePatternFilter.ANY,
        new AccessControlEntryFilter(principal, null, AclOperation.ANY, AclPermissionType.ANY));
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }

  /** One thing that one principal may do. */
  public record Permission(ResourceType type, String name, AclOperation operation) {}

  private static final class Holder {
    private static final SecureKafka KAFKA = start();

    private static SecureKafka start() {
      Path directory = newDirectory();
      Certificates certificates =
          Certificates.create(directory)
              .server("broker")
              .client(MEMBER)
              .expiredClient(EXPIRED)
              .stranger(STRANGER);
      LocalKafka kafka =
          LocalKafka.builder()
              .listener("SCRAM", "SASL_SSL")
              .listener("MUTUAL", "SSL")
              .brokerProperties(authorizer())
              .brokerProperties(keys("scram", certificates))
              .brokerProperties(keys("mutual", certificates))
              .brokerProperty("listener.name.scram.sasl.enabled.mechanisms", "SCRAM-SHA-512")
              .brokerProperty(
                  "listener.name.scram.scram-sha-512.sasl.jaas.config",
                  "org.apache.kafka.common.security.scram.ScramLoginModule required;")
              .brokerProperty("listener.name.mutual.ssl.client.auth", "required")
              .start();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    kafka.close();
                    delete(directory);
                  },
                  "secure-kafka-close"));
      return new SecureKafka(kafka, certificates);
    }

    private static Map<String, String> authorizer() {
      return Map.of(
          "authorizer.class.name",
          "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
          "allow.everyone.if.no.acl.found",
          "false",
          // Who comes over the plain listener: the brokers themselves, and tests.
          "super.users",
          "User:ANONYMOUS");
    }

    private static Map<String, String> keys(String listener, Certificates certificates) {
      String prefix = "listener.name." + listener + ".ssl.";
      Map<String, String> keys = new HashMap<>();
      keys.put(prefix + "keystore.location", certificates.keyStore("broker").toString());
      keys.put(prefix + "truststore.location", certificates.trustStore().toString());
      for (String store : List.of("keystore", "truststore")) {
        keys.put(prefix + store + ".type", "PKCS12");
        keys.put(prefix + store + ".password", Certificates.PASSWORD);
      }
      return keys;
    }

    private static Path newDirectory() {
      try {
        return Files.createTempDirectory("secure-kafka");
      } catch (IOException e) {
        throw new UncheckedIOException("could not create the directory of the certificates", e);
      }
    }

    private static void delete(Path directory) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
      } catch (IOException e) {
        throw new UncheckedIOException("could not delete " + directory, e);
      }
    }
  }
}
