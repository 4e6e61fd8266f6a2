package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * S4, S5, S6 and the part of L1 about commands. Commands overlap, so only what every order of the
 * overlapping ones would forbid counts: a stop is in force once it was answered APPLIED, unless a
 * resume was begun after the stop was begun.
 */
final class CommandCheck implements Check {
  private static final long SOON = TimeUnit.SECONDS.toNanos(2);
  private static final long COMMIT = TimeUnit.SECONDS.toNanos(5);
  private static final long LEAVE = TimeUnit.SECONDS.toNanos(7);
  private static final long JOIN = TimeUnit.SECONDS.toNanos(120);

  /** One command. */
  static final class Given {
    final long id;
    final Command command;
    final Set<TopicPartition> partitions;
    final long begun;
    final long order;
    long answeredOrder = Long.MAX_VALUE;

    Given(long id, Command command, Set<TopicPartition> partitions, long begun, long order) {
      this.id = id;
      this.command = command;
      this.partitions = partitions;
      this.begun = begun;
      this.order = order;
    }

    @Override
    public String toString() {
      return command + "#" + id;
    }
  }

  private static final class State {
    final Map<Long, Given> open = new LinkedHashMap<>();
    final List<Given> all = new ArrayList<>();
    final List<Given> inForce = new ArrayList<>();
    int clients;
    boolean isFinal;
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<String, State> states = new HashMap<>();
  private final Map<Command, Latencies> latencies = new EnumMap<>(Command.class);
  private long order;

  CommandCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  private State state(String consumer) {
    return states.computeIfAbsent(consumer, c -> new State());
  }

  /** How long callers waited for APPLIED, by command, in virtual nanoseconds. */
  Map<Command, Latencies> latencies() {
    return latencies;
  }

  @Override
  public void see(long now, Fact fact) {
    order++;
    if (fact instanceof Fact.Commanded commanded) {
      commanded(now, commanded);
    } else if (fact instanceof Fact.Answered answered) {
      answered(now, answered);
    } else if (fact instanceof Fact.Refused refused) {
      state(refused.consumer()).open.remove(refused.id());
    } else if (fact instanceof Fact.CloseAsked asked) {
      commanded(now, new Fact.Commanded(asked.consumer(), asked.id(), Command.CLOSE, Set.of()));
    } else if (fact instanceof Fact.Reported reported) {
      reported(reported);
    } else if (fact instanceof Fact.Begun begun) {
      begun(begun);
    } else if (fact instanceof Fact.Creating creating) {
      notInForce(creating.consumer(), "makes a client");
    } else if (fact instanceof Fact.Created created) {
      state(created.consumer()).clients++;
    } else if (fact instanceof Fact.Closed closed) {
      state(closed.consumer()).clients--;
    } else if (fact instanceof Fact.Polling polling) {
      notInForce(polling.consumer(), "polls");
    } else if (fact instanceof Fact.RunOver) {
      runOver();
    }
  }

  private void commanded(long now, Fact.Commanded commanded) {
    State state = state(commanded.consumer());
    Given given =
        new Given(commanded.id(), commanded.command(), commanded.partitions(), now, order);
    state.open.put(given.id, given);
    state.all.add(given);
    if (given.command == Command.RESUME) {
      state.inForce.removeIf(
          stop -> stop.command != Command.PAUSE_PARTITIONS && stop.command != Command.CLOSE);
    } else if (given.command == Command.RESUME_PARTITIONS) {
      state.inForce.removeIf(
          stop ->
              stop.command == Command.PAUSE_PARTITIONS
                  && !java.util.Collections.disjoint(stop.partitions, given.partitions));
    }
  }

  private void answered(long now, Fact.Answered answered) {
    State state = state(answered.consumer());
    Given given = state.open.remove(answered.id());
    if (given == null) {
      verdicts.violated(Invariant.L1, answered + " was not asked, or answered twice");
      return;
    }
    given.answeredOrder = order;
    verdicts.checked(Invariant.L1);
    inTime(now, answered.consumer(), given);
    switch (answered.result()) {
      case APPLIED -> {
        latencies.computeIfAbsent(given.command, c -> new Latencies()).add(now - given.begun);
        applied(answered.consumer(), state, given);
      }
      case SUPERSEDED -> superseded(answered, state, given);
      case FAILED -> {
        // A drain that failed leaves the pause, and a suspend that failed is one all the same.
        if (given.command == Command.PAUSE_AND_DRAIN && !state.isFinal) {
          inForce(state, given);
        }
      }
    }
  }

  private void applied(String consumer, State state, Given given) {
    if (!given.command.stops()) {
      return;
    }
    verdicts.checked(Invariant.S6);
    if (given.command == Command.SUSPEND && state.clients > 0 && isInForce(state, given)) {
      verdicts.violated(Invariant.S4, consumer + " has a client though " + given + " is applied");
    }
    inForce(state, given);
  }

  private void inForce(State state, Given given) {
    if (isInForce(state, given)) {
      state.inForce.add(given);
      if (given.command.ends()) {
        verdicts.checked(Invariant.S4);
      }
    }
  }

  /** Unless a resume was begun after it was begun. */
  private static boolean isInForce(State state, Given given) {
    if (given.command == Command.CLOSE) {
      return true;
    }
    Command lifts =
        given.command == Command.PAUSE_PARTITIONS ? Command.RESUME_PARTITIONS : Command.RESUME;
    return state.all.stream()
        .noneMatch(other -> other.command == lifts && other.order > given.order);
  }

  private void superseded(Fact.Answered answered, State state, Given given) {
    verdicts.checked(Invariant.S6);
    boolean cause =
        state.all.stream()
            .anyMatch(
                other ->
                    other.id != given.id
                        && (other.answeredOrder > given.order || lasts(given, other))
                        && contrary(given, other));
    if (!cause) {
      verdicts.violated(
          Invariant.S6,
          answered.consumer()
              + " says "
              + given
              + " is SUPERSEDED ("
              + answered.reason()
              + "), and nobody asked for the contrary");
    }
  }

  /** A close is for good, and a start finds what was asked for before. */
  private static boolean lasts(Given given, Given other) {
    return given.command == Command.START || other.command == Command.CLOSE;
  }

  private static boolean contrary(Given given, Given other) {
    if (other.command.ends()) {
      return true;
    }
    return switch (given.command) {
      case PAUSE, PAUSE_AND_DRAIN, SUSPEND -> other.command == Command.RESUME;
      case RESUME -> other.command == Command.PAUSE || other.command == Command.PAUSE_AND_DRAIN;
      case RESUME_PARTITIONS -> other.command == Command.PAUSE_PARTITIONS;
      case PAUSE_PARTITIONS -> other.command == Command.RESUME_PARTITIONS;
      case START, CLOSE, RATE -> false;
    };
  }

  private void inTime(long now, String consumer, Given given) {
    long bound = bound(circumstances.traits(consumer), given.command);
    long took = now - given.begun - circumstances.stalled(consumer, given.begun, now);
    boolean quick = given.command == Command.PAUSE || given.command == Command.PAUSE_PARTITIONS;
    if (took > bound && (quick || !circumstances.troubled(consumer, given.begun, now))) {
      verdicts.violated(
          Invariant.L1,
          consumer
              + " answers "
              + given
              + " after "
              + TimeUnit.NANOSECONDS.toMillis(took)
              + " ms, the bound is "
              + TimeUnit.NANOSECONDS.toMillis(bound));
    }
  }

  private static long bound(Traits traits, Command command) {
    return switch (command) {
      case PAUSE, PAUSE_PARTITIONS, RATE -> SOON;
      // A suspend or a hand-over that is under way drains first.
      case PAUSE_AND_DRAIN -> 2 * (traits.drainNanos() + COMMIT) + SOON;
      case SUSPEND -> traits.drainNanos() + COMMIT + LEAVE + SOON;
      case START, RESUME, RESUME_PARTITIONS, CLOSE -> JOIN + traits.maxPollNanos();
    };
  }

  private void reported(Fact.Reported reported) {
    State state = state(reported.consumer());
    Given given = state.open.remove(reported.id());
    if (given != null && reported.over()) {
      given.answeredOrder = order;
    }
    if (reported.over()) {
      state.isFinal = true;
      if (given != null) {
        inForce(state, given);
      }
      if (reported.clean() && state.clients > 0) {
        verdicts.violated(Invariant.S4, reported.consumer() + " is closed and has a client");
      }
    }
  }

  private void begun(Fact.Begun begun) {
    State state = state(begun.consumer());
    for (Given stop : state.inForce) {
      if (stop.command == Command.PAUSE_PARTITIONS
          && !stop.partitions.contains(begun.partition())) {
        continue;
      }
      verdicts.violated(
          stop.command.ends() ? Invariant.S4 : Invariant.S5,
          begun.consumer()
              + " begins "
              + begun.partition()
              + "@"
              + begun.offset()
              + " though "
              + stop
              + " is applied");
    }
    if (state.inForce.isEmpty()) {
      return;
    }
    verdicts.checked(Invariant.S5);
  }

  private void notInForce(String consumer, String what) {
    for (Given stop : state(consumer).inForce) {
      if (stop.command.ends()) {
        verdicts.violated(Invariant.S4, consumer + " " + what + " though " + stop + " is applied");
      } else {
        verdicts.checked(Invariant.S5);
      }
    }
  }

  /** Whether it was suspended, and nobody resumed it. */
  boolean isInForce(String consumer) {
    return !state(consumer).inForce.isEmpty();
  }

  private void runOver() {
    states.forEach(
        (consumer, state) -> {
          if (circumstances.isKilled(consumer)) {
            return;
          }
          state.open.values().stream()
              .filter(given -> given.command != Command.CLOSE)
              .forEach(
                  given -> verdicts.violated(Invariant.L1, consumer + " never answered " + given));
        });
  }
}
