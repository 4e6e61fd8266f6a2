package io.github.safeconsumer.examples.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.localkafka.Sandbox;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plain loop, there and back; the peers are run by examples/run, which builds them. */
@Timeout(300)
class MigrateTest {
  private static Sandbox sandbox;

  @TempDir static Path directory;

  @BeforeAll
  static void startBroker() {
    sandbox = Sandbox.start();
  }

  @AfterAll
  static void stopBroker() {
    sandbox.close();
  }

  private static Migration.Result run(Migration.Way way) throws Exception {
    sandbox.topic(Lanes.topic(Kind.PLAIN, way), Feed.PARTITIONS);
    Migration.Result result = new Lanes(sandbox, directory).run(Kind.PLAIN, way);
    assertThat(result.lost()).as("%s", result).isZero();
    assertThat(result.atTheEnd()).as("%s", result).isTrue();
    assertThat(result.shares()).as("%s", result).hasSize(3).doesNotContain(0);
    return result;
  }

  @Test
  void shouldHandleNothingTwiceWhereOneStopsBeforeTheNextOneStarts() throws Exception {
    assertThat(run(Migration.Way.STOP_AND_START).twice()).isEqualTo(List.of(0, 0));
  }

  @Test
  void shouldHandleNothingTwiceWhereBothAreMembersForAWhile() throws Exception {
    assertThat(run(Migration.Way.ROLLING).twice()).isEqualTo(List.of(0, 0));
  }

  @Test
  void shouldHandleNoMoreTwiceThanWasNotCommittedWhereOneIsKilled() throws Exception {
    Migration.Result result = run(Migration.Way.KILL);
    assertThat(result.holds()).as("%s", result).isTrue();
  }
}
