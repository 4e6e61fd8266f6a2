package io.github.safeconsumer.examples.bench.share;

import io.github.safeconsumer.examples.bench.subject.Partitions;
import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.Subject;
import io.github.safeconsumer.examples.bench.subject.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * Kafka's own share consumer: the broker hands records out one by one and keeps no order. How many
 * consumers, and why, is in PEERS.md.
 */
public final class Share implements Subject {
  private final List<ShareLoop> loops = new ArrayList<>();

  /** Made by name. */
  public Share() {}

  @Override
  public void start(RunSpec spec, Work work) throws Exception {
    FromEarliest.set(spec.bootstrap(), spec.group());
    Spread spread = Spread.of(spec, Partitions.of(spec));
    for (int i = 0; i < spread.consumers() * spec.members(); i++) {
      loops.add(new ShareLoop(spec, spread, work, "share-" + i));
    }
    loops.forEach(ShareLoop::start);
  }

  @Override
  public void close() throws InterruptedException {
    loops.forEach(ShareLoop::stop);
    for (ShareLoop loop : loops) {
      loop.join();
    }
  }
}
