package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_RECORDS_CONFIG;

import io.github.safeconsumer.PollBudget;
import java.time.Duration;

/**
 * What a loop that handles its records on the thread that polls has to hold: all records of a poll
 * end before the next poll is due.
 */
final class LoopRules {
  private static final Duration WAY = Duration.ofMillis(100);

  private final KafkaProperties kafka;
  private final PollBudget budget;
  private final Findings findings;
  private final int records;
  private final Duration work;

  LoopRules(KafkaProperties kafka, PollBudget budget, Findings findings) {
    this.kafka = kafka;
    this.budget = budget;
    this.findings = findings;
    this.records = kafka.number(MAX_POLL_RECORDS_CONFIG);
    this.work = budget.timeFor(records);
  }

  /**
   * Judges.
   *
   * @param heartbeat with which the member hears of a rebalance; zero with KIP-848
   */
  void check(Duration heartbeat) {
    if (!budget.allows(records)) {
      checkWork();
    } else if (!heartbeat.isZero()) {
      checkRebalance(heartbeat);
    }
    checkBlockingCalls();
  }

  private void checkWork() {
    Sum sum = Sum.of(budget, records);
    if (budget.fitsOne()) {
      findings.unsafe(
          MAX_POLL_RECORDS_CONFIG,
          shown(MAX_POLL_RECORDS_CONFIG, records),
          sum.rule()
              + ": the group expels the member in mid-poll, and the next owner begins the same records again",
          sum.remedy());
    } else {
      findings.unsafe(
          MAX_POLL_INTERVAL_MS_CONFIG,
          shown(MAX_POLL_INTERVAL_MS_CONFIG, budget.maxPollInterval().toMillis()),
          sum.rule()
              + ": the group expels the member in each record, and the next owner begins the same one again",
          sum.remedy());
    }
  }

  /** The broker's clock runs from the moment at which a rebalance begins. */
  private void checkRebalance(Duration heartbeat) {
    Duration bound = budget.maxPollInterval().multipliedBy(9).dividedBy(10);
    Duration needed = heartbeat.plus(WAY).plus(work);
    if (needed.compareTo(bound) <= 0) {
      return;
    }
    findings.warning(
        HEARTBEAT_INTERVAL_MS_CONFIG,
        shown(HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat.toMillis()),
        "heartbeat "
            + Human.text(heartbeat)
            + " + 0.1 s + the work of a poll "
            + Human.text(work)
            + " = "
            + Human.text(needed)
            + ", over 0.9 x "
            + Human.text(budget.maxPollInterval())
            + " = "
            + Human.text(bound)
            + ": a rebalance that begins in mid-poll can end without this member",
        "use heartbeat.interval.ms <= "
            + budget.maxPollInterval().toMillis() / 10
            + ", or a smaller max.poll.records");
  }

  /** commitSync(), committed() and the like wait so long on the thread that has to poll. */
  private void checkBlockingCalls() {
    Duration call = kafka.millis(DEFAULT_API_TIMEOUT_MS_CONFIG);
    Duration window = budget.window();
    boolean alone = !budget.allows(records);
    Duration all = alone ? call : work.plus(call);
    if (all.compareTo(window) <= 0) {
      return;
    }
    Duration left = alone ? window : window.minus(work);
    findings.warning(
        DEFAULT_API_TIMEOUT_MS_CONFIG,
        shown(DEFAULT_API_TIMEOUT_MS_CONFIG, call.toMillis()),
        (alone
                ? "one call of " + Human.text(call)
                : Human.text(work)
                    + " of work ("
                    + records
                    + " x "
                    + Human.text(budget.latency())
                    + ") + one call of "
                    + Human.text(call)
                    + " = "
                    + Human.text(all))
            + ", over "
            + budget.margin()
            + " x "
            + Human.text(budget.maxPollInterval())
            + " = "
            + Human.text(window)
            + ": commitSync() or committed() without a bound of its own can wait so long while a broker is away",
        "use commitSync(Duration) with at most "
            + Human.text(left)
            + ", or default.api.timeout.ms <= "
            + left.toMillis());
  }

  private String shown(String key, long effective) {
    return kafka.usable(key) ? kafka.shown(key) : effective + " (default)";
  }
}
