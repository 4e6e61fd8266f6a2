package io.github.safeconsumer.examples.faults;

import io.github.safeconsumer.examples.faults.Expectation.Range;
import java.time.Duration;
import java.util.List;

/** The faults, and what SafeConsumer has to come to in each. */
final class Catalogue {
  private static final int MEMBERS = 3;
  private static final Duration LATENCY = Duration.ofMillis(5);
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(6);
  private static final Duration HANDLER_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration LONG_TIMEOUT = Duration.ofMinutes(1);

  /** Of what the naive loop can survive: it gets the time to show it. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int SMALL_HEAP = 48;
  private static final int HEAP = 96;

  private static final MemberSettings.Options ONE_BY_ONE = options(1, HEAP);

  private final Scale scale;
  private final Place bad;
  private final Plan good;

  private Catalogue(Scale scale) {
    this.scale = scale;
    bad = new Place(1, scale.records() / 3);
    good = Plan.even(MEMBERS, scale.records(), Task.of(Deed.WORK, LATENCY));
  }

  /** All of them. The seed is for what is left to chance. */
  static List<Fault> of(Scale scale, long seed) {
    Catalogue catalogue = new Catalogue(scale);
    return List.of(
        catalogue.deadly("halt", Deed.HALT, HEAP),
        catalogue.deadly("exit", Deed.EXIT, HEAP),
        catalogue.deadly("oom", Deed.MEMORY, SMALL_HEAP),
        catalogue.hanging("hang-lock", Deed.LOCK),
        catalogue.hanging("hang-spin", Deed.SPIN),
        catalogue.hanging("hang-socket", Deed.SOCKET).withSilentDownstream(),
        catalogue.poison(),
        catalogue.downstream(),
        catalogue.alwaysFailing(),
        catalogue.slow(),
        catalogue.killed(seed),
        catalogue.rollingRestart(),
        catalogue.deadLetterTopicAway());
  }

  private Fault deadly(String name, Deed deed, int heapMegabytes) {
    Plan plan = good.withBad(deed, bad);
    return Fault.named(name, plan, scale.patience().plusSeconds(4), options(1, heapMegabytes))
        .expecting(
            Expectation.undisturbed()
                .deadLetters(plan.bad(), Range.exactly(SafeMember.CRASH_LIMIT))
                .deaths(SafeMember.CRASH_LIMIT, Range.any()));
  }

  private Fault hanging(String name, Deed deed) {
    return failing(
        name,
        good.withBad(deed, bad),
        1,
        new MemberSettings.Options(POLL_INTERVAL, 1, HANDLER_TIMEOUT, HEAP));
  }

  private Fault poison() {
    return failing("poison", good.withPoison(bad), 0, ONE_BY_ONE);
  }

  private Fault alwaysFailing() {
    Plan plan = Plan.even(MEMBERS - 1, scale.records(), good.good()).withBadAlone(Deed.FAIL);
    return failing("always-failing", plan, SafeMember.ATTEMPTS, ONE_BY_ONE);
  }

  /** Bad records end as dead letters after so many attempts, and nothing else happens. */
  private Fault failing(String name, Plan plan, int attempts, MemberSettings.Options options) {
    return Fault.named(name, plan, scale.patience(), options)
        .expecting(Expectation.undisturbed().deadLetters(plan.bad(), Range.exactly(attempts)));
  }

  private Fault downstream() {
    Plan calls = Plan.even(MEMBERS, scale.records(), Task.of(Deed.CALL, LATENCY));
    return Fault.named("downstream", calls, scale.outage().plus(PATIENCE), options(64, HEAP))
        .fedOver(scale.outage().dividedBy(2))
        .with(Troubles.downstreamAway(Duration.ofSeconds(1), scale.outage()))
        .expecting(Expectation.undisturbed());
  }

  private Fault slow() {
    // Kafka's default of 500 records a poll takes longer than the group lets a member go unheard.
    Plan plan = Plan.even(MEMBERS, 500, Task.of(Deed.WORK, Duration.ofMillis(14)));
    return Fault.named("slow", plan, scale.patience().plusSeconds(6), ONE_BY_ONE)
        .expecting(Expectation.undisturbed());
  }

  private Fault killed(long seed) {
    return Fault.named("sigkill", busy(scale.kills()), PATIENCE, ONE_BY_ONE)
        .with(Troubles.kills(scale.kills(), Duration.ofSeconds(3), seed))
        .expecting(Expectation.undisturbed().deaths(scale.kills(), Range.any()));
  }

  private Fault rollingRestart() {
    return Fault.named("sigterm", busy(MEMBERS), PATIENCE, ONE_BY_ONE)
        .with(Troubles.rollingRestart())
        .expecting(Expectation.undisturbed().deaths(MEMBERS, Range.exactly(0)));
  }

  /** Enough work to have some at hand at each of so many deaths. */
  private Plan busy(int deaths) {
    return Plan.even(MEMBERS, scale.records() * 2 * deaths, Task.of(Deed.WORK, LATENCY));
  }

  private Fault deadLetterTopicAway() {
    Plan plan = good.withBad(Deed.FAIL, bad, new Place(2, bad.offset()));
    return failing("dlt-away", plan, SafeMember.ATTEMPTS, ONE_BY_ONE)
        .with(Troubles.deadLetterTopicAway(scale.outage()));
  }

  private static MemberSettings.Options options(int concurrency, int heapMegabytes) {
    return new MemberSettings.Options(POLL_INTERVAL, concurrency, LONG_TIMEOUT, heapMegabytes);
  }
}
