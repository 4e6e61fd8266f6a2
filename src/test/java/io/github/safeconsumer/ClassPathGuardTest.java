package io.github.safeconsumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.support.EmbedderClassPath;
import org.junit.jupiter.api.Test;

class ClassPathGuardTest {
  @Test
  void shouldBringAnEmbedderNothingButThreeDependenciesAndTheirOwn() {
    assertThat(EmbedderClassPath.dependencies().artifacts())
        .containsExactlyInAnyOrder(
            "kafka-clients",
            // of kafka-clients
            "zstd-jni",
            "lz4-java",
            "snappy-java",
            "slf4j-api",
            "jackson-databind",
            // of jackson-databind
            "jackson-annotations",
            "jackson-core");
  }
}
