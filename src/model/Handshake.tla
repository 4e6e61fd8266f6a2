------------------------------ MODULE Handshake ------------------------------
(***************************************************************************)
(* How pause, resume, suspend and close of one consumer meet its loop, its *)
(* workers and a Kafka client that fails. Properties.tla says what must    *)
(* hold; docs/MODEL.md explains both.                                      *)
(*                                                                         *)
(* A step of the model is what the code does inside one lock, or one call  *)
(* into the client. Everything may happen between two steps.               *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  Kinds,        \* which commands are given
  MaxCommands,  \* how many, start() included
  Faults,       \* how many bad things happen: throws, rebalances, evictions, hung handlers, floods
  FaultKinds,   \* which of them
  Outage,       \* TRUE: after the last of them no client can be created any more, for ever
  Mutant        \* which known bug is in the model; "none" for the design

VARIABLES
  \* Handshake and PauseGate: changed under the lock of the handshake
  want,         \* the intent: RUN, PAUSE, SUSPEND or CLOSE
  gate,         \* reasons why no record of the whole consumer may start: USER, FLOOD
  cmds,         \* the commands given so far, in their order; the index is the sequence number
  \* Runs and Ending
  state,        \* NEW, UP (starting, running, paused or restarting), SUSPENDED, CLOSING, CLOSED, FAILED
  runs,         \* who holds the lock of Runs, and the intent as it was read inside
  ending,       \* how far the end of the consumer is: no, show, answer, over
  \* ConsumerLoop, LoopThread: one step after the other, each loop on its own thread
  loop,         \* what each loop does; in the design there is never more than one
  fatal,        \* what cannot heal happened
  \* Incarnation, Flow, OwnedPartition: the client and the one partition it owns
  stage,        \* of the ownership: NONE, ACQUIRING, ACTIVE, DRAINING
  buffer,       \* records polled and not done: 0 or 1
  full,         \* the reason PARTITION_FULL
  paused,       \* the partition is paused at the client
  evicted,      \* the group expelled this client, which does not know it yet
  \* LaneRunner
  worker,       \* "idle", "starting" (inside the partition's lock), "begun", "handling", "hung"
  current,      \* its attempt belongs to the ownership of now
  \* only for the properties
  faults,       \* bad things so far
  look,         \* what the loop last had reason to see: "none", "other", "user" (why nothing is fetched)
  flooded,      \* FLOOD was set after the last resume()
  stray,        \* clients that are open and that no loop owns
  staleCommit,  \* something was committed after an eviction
  token         \* only for a mutant: a signal that was left behind

handshake == <<want, gate, cmds, state, runs, ending>>
client    == <<stage, buffer, full, paused, evicted, look>>
workers   == <<worker, current>>
ghosts    == <<flooded, stray, staleCommit, token>>
vars      == <<handshake, loop, fatal, client, workers, faults, ghosts>>

LoopIds == 1..2
Nobody == [by |-> "nobody", who |-> 0, want |-> "RUN"]
NoLoop  == [pc |-> "off", seen |-> 0, client |-> FALSE, bad |-> FALSE]
NewLoop == [NoLoop EXCEPT !.pc = "turn"]

Init ==
  /\ want = "RUN" /\ gate = {} /\ cmds = <<>>
  /\ state = "NEW" /\ runs = Nobody /\ ending = "no"
  /\ loop = [l \in LoopIds |-> NoLoop] /\ fatal = FALSE
  /\ stage = "NONE" /\ buffer = 0 /\ full = FALSE /\ paused = FALSE /\ evicted = FALSE
  /\ look = "none" /\ worker = "idle" /\ current = TRUE /\ faults = 0
  /\ flooded = FALSE /\ stray = 0 /\ staleCommit = FALSE /\ token = FALSE

-----------------------------------------------------------------------------
(* Words *)

Is(bug) == Mutant = bug
LoopExists == \E l \in LoopIds : loop[l].pc # "off"
Restarting == LoopExists /\ \A l \in LoopIds : ~loop[l].client
Running == worker \in {"begun", "handling", "hung"}
Locked == worker = "starting" /\ ~Is("GateReadBeforeStarting")   \* the partition's lock is taken
GateClosed == gate # {} \/ want = "CLOSE"
MayStart == stage = "ACTIVE" /\ ~GateClosed
Contrary(c, kinds) == \E d \in DOMAIN cmds : d > c /\ cmds[d].kind \in kinds
Fault(kind) == kind \in FaultKinds /\ faults < Faults /\ faults' = faults + 1

WithLoop == \* a new loop beside those that are there
  IF \E l \in LoopIds : loop[l].pc = "off"
    THEN [loop EXCEPT ![CHOOSE l \in LoopIds : loop[l].pc = "off"] = NewLoop]
    ELSE loop

(* The futures of these kinds that wait get this answer. *)
Open(c) == cmds[c].is \in {"waits", "late"}
Settle(kinds, answer) ==
  [c \in DOMAIN cmds |-> IF Open(c) /\ cmds[c].kind \in kinds THEN [cmds[c] EXCEPT !.is = answer] ELSE cmds[c]]
Final == state \in {"CLOSED", "FAILED"}
Intents == {"RESUME", "SUSPEND", "DRAIN"}  \* whose futures the handshake keeps

-----------------------------------------------------------------------------
(* Coordinator: commands, from any thread at any time. First each records  *)
(* what is wanted, in one step under the lock of the handshake. Then, but  *)
(* for pause(), it comes by Runs.reconcile().                              *)

MayGive(kind) == kind \in Kinds /\ Len(cmds) < MaxCommands
Record(to, kind, is) ==
  cmds' = Append(to, [kind |-> kind, is |-> is, todo |-> kind \in {"RESUME", "SUSPEND", "DRAIN", "CLOSE"}])

Pause(kind) ==
  /\ MayGive(kind)
  /\ want' = IF want \in {"SUSPEND", "CLOSE"} THEN want ELSE "PAUSE"
  /\ gate' = IF want = "CLOSE" \/ Is("TwoStepPause") THEN gate
             ELSE IF Is("PauseForgetsFlood") THEN {"USER"} ELSE gate \cup {"USER"}
  /\ Record(IF want = "CLOSE" THEN cmds ELSE Settle({"RESUME"}, "SUPERSEDED"), kind,
            IF kind = "DRAIN" THEN "waits"
            ELSE IF Final THEN "FAILED"
            ELSE IF Is("TwoStepPause") THEN "half" ELSE IF Is("NoBarrier") THEN "decide" ELSE "barrier")
  /\ UNCHANGED <<state, runs, ending, loop, ghosts>>

Resume ==
  /\ MayGive("RESUME")
  /\ IF want = "CLOSE" /\ ~Is("ResumeRevivesClosed")
       THEN Record(cmds, "RESUME", "waits") /\ UNCHANGED <<want, gate, ghosts>>
     ELSE IF Is("ResumeWaitsForRestart") /\ Restarting
       THEN Record(cmds, "RESUME", "blocked") /\ UNCHANGED <<want, gate, ghosts>>
     ELSE
       /\ want' = "RUN" /\ gate' = {} /\ flooded' = FALSE
       /\ Record(Settle({"SUSPEND", "DRAIN"}, "SUPERSEDED"), "RESUME", "waits")
       /\ token' = (Is("BufferedSignal") /\ LoopExists)
       /\ UNCHANGED <<stray, staleCommit>>
  /\ UNCHANGED <<state, runs, ending, loop>>

Suspend ==
  /\ MayGive("SUSPEND")
  /\ IF want = "CLOSE"
       THEN Record(cmds, "SUSPEND", "waits") /\ UNCHANGED <<want, gate>>
     ELSE
       /\ want' = "SUSPEND" /\ gate' = gate \cup {"USER"}
       /\ Record(Settle({"RESUME"}, "SUPERSEDED"), "SUSPEND",
                 IF Is("ClosedByCaller") /\ LoopExists THEN "inside"
                 ELSE IF Is("RestartAfterSuspend") /\ Restarting THEN "APPLIED" ELSE "waits")
  /\ UNCHANGED <<state, runs, ending, loop, ghosts>>

Close ==
  /\ MayGive("CLOSE")
  /\ want' = "CLOSE"
  /\ Record(cmds, "CLOSE", "waits")
  /\ UNCHANGED <<gate, state, runs, ending, loop, ghosts>>

(* start() is one step under the lock of Runs. *)
Start ==
  /\ MayGive("START") /\ state = "NEW" /\ runs = Nobody
  /\ IF want = "SUSPEND"
       THEN /\ Record(Settle({"SUSPEND", "DRAIN"}, "APPLIED"), "START", "SUPERSEDED")
            /\ state' = "SUSPENDED" /\ UNCHANGED loop
       ELSE /\ Record(cmds, "START", "waits")
            /\ state' = "UP" /\ loop' = WithLoop
  /\ UNCHANGED <<want, gate, runs, ending, ghosts>>

Command ==
  /\ Start \/ Pause("PAUSE") \/ Pause("DRAIN") \/ Resume \/ Suspend \/ Close
  /\ UNCHANGED <<fatal, client, workers, faults>>

(* The second half of pause(), still on the caller's thread: it passes the *)
(* lock of the partition, then decides under the lock of the handshake.    *)
Barrier(c) ==
  /\ cmds[c].is = "barrier" /\ ~Locked
  /\ cmds' = [cmds EXCEPT ![c].is = "decide"]
  /\ UNCHANGED <<want, gate, state, runs, ending, loop>>

PauseSuperseded(c) ==
  want = "CLOSE" \/ (IF Is("LaterPauseMakesUp") THEN want = "RUN" ELSE Contrary(c, {"RESUME"}))

Decide(c) ==
  /\ cmds[c].is = "decide"
  /\ cmds' = [cmds EXCEPT ![c].is = IF PauseSuperseded(c) THEN "SUPERSEDED" ELSE "APPLIED"]
  /\ UNCHANGED <<want, gate, state, runs, ending, loop>>

(* The time of a pauseAndDrain() is over. *)
Late(c) ==
  /\ cmds[c].is = "waits" /\ cmds[c].kind = "DRAIN" /\ Running
  /\ cmds' = [cmds EXCEPT ![c].is = "late"]
  /\ UNCHANGED <<want, gate, state, runs, ending, loop>>

(* Steps that only mutants have. *)
SecondHalf(c) ==
  /\ cmds[c].is = "half"
  /\ gate' = gate \cup {"USER"} /\ cmds' = [cmds EXCEPT ![c].is = "barrier"]
  /\ UNCHANGED <<want, state, runs, ending, loop>>
Unblocked(c) ==
  /\ cmds[c].is = "blocked" /\ ~Restarting
  /\ want' = "RUN" /\ gate' = {} /\ cmds' = [cmds EXCEPT ![c].is = "waits"]
  /\ UNCHANGED <<state, runs, ending, loop>>

-----------------------------------------------------------------------------
(* Runs: under its own lock it reads the intent, then acts on what it read. *)
(* The lock of the handshake is free in between: commands go on coming.     *)

Done(to, c) == cmds' = [to EXCEPT ![c].todo = FALSE]
GoingDown == \E l \in LoopIds : loop[l].pc \in {"down", "drain", "close", "last"}

Woken(c) == \* there is a loop: it follows the intent, or its end comes by here
  /\ cmds[c].todo /\ runs = Nobody /\ LoopExists /\ ~Final
  /\ cmds' = [cmds EXCEPT ![c].todo = FALSE]
  /\ loop' = IF Is("DoubleRestart") /\ want = "RUN" /\ GoingDown THEN WithLoop ELSE loop
  /\ UNCHANGED <<want, gate, state, runs, ending>>

ReconcileReads(c) ==
  /\ cmds[c].todo /\ runs = Nobody /\ (~LoopExists \/ Final)
  /\ runs' = [by |-> "caller", who |-> c, want |-> want]
  /\ UNCHANGED <<want, gate, cmds, state, ending, loop>>

ReconcileActs ==
  /\ runs.by = "caller" /\ runs' = Nobody
  /\ LET c == runs.who IN
     IF Final THEN
       /\ Done([d \in DOMAIN cmds |->
                 IF ~Open(d) \/ cmds[d].kind = "START" THEN cmds[d]
                 ELSE IF cmds[d].kind # "CLOSE" THEN [cmds[d] EXCEPT !.is = "FAILED"]
                 ELSE IF ending = "over" THEN [cmds[d] EXCEPT !.is = "APPLIED"] ELSE cmds[d]], c)
       /\ UNCHANGED <<state, ending, loop>>
     ELSE IF state = "CLOSING" THEN Done(cmds, c) /\ UNCHANGED <<state, ending, loop>>
     ELSE IF runs.want = "CLOSE" THEN
       Done(cmds, c) /\ state' = "CLOSING" /\ ending' = "show" /\ UNCHANGED loop
     ELSE IF state = "NEW" THEN
       Done(Settle(Intents, "APPLIED"), c) /\ UNCHANGED <<state, ending, loop>>
     ELSE IF runs.want = "SUSPEND" THEN
       Done(Settle({"SUSPEND", "DRAIN"}, IF Running THEN "FAILED" ELSE "APPLIED"), c)
       /\ UNCHANGED <<state, ending, loop>>
     ELSE Done(cmds, c) /\ state' = "UP" /\ loop' = WithLoop /\ UNCHANGED ending
  /\ UNCHANGED <<want, gate>>

(* Ending: the state becomes final, then everybody is answered. *)
EndShows ==
  /\ ending = "show" /\ ending' = "answer"
  /\ state' = IF fatal THEN "FAILED" ELSE "CLOSED"
  /\ UNCHANGED <<want, gate, cmds, runs, loop>>
EndAnswers ==
  /\ ending = "answer" /\ ending' = "over"
  /\ cmds' = [c \in DOMAIN cmds |->
       IF ~Open(c) THEN cmds[c]
       ELSE [cmds[c] EXCEPT !.is = IF cmds[c].kind = "CLOSE" THEN "APPLIED"
                                   ELSE IF fatal THEN "FAILED" ELSE "SUPERSEDED"]]
  /\ UNCHANGED <<want, gate, state, runs, loop>>

AnswerStep ==
  /\ \/ \E c \in DOMAIN cmds :
          Barrier(c) \/ Decide(c) \/ Late(c) \/ SecondHalf(c) \/ Unblocked(c) \/ Woken(c) \/ ReconcileReads(c)
     \/ ReconcileActs \/ EndShows \/ EndAnswers
  /\ UNCHANGED <<fatal, client, workers, faults, ghosts>>

-----------------------------------------------------------------------------
(* ConsumerLoop                                                            *)

Go(l, from, to) == loop[l].pc = from /\ loop' = [loop EXCEPT ![l].pc = to]

(* Every turn begins with the intent. *)
Turn(l) ==
  /\ loop[l].pc = "turn"
  /\ loop' = [loop EXCEPT ![l].seen = Len(cmds), ![l].pc =
       IF want \in {"SUSPEND", "CLOSE"} \/ fatal THEN "down"
       ELSE IF loop[l].client THEN "live" ELSE "create"]
  /\ UNCHANGED <<handshake, fatal, client, workers, faults, ghosts>>

(* At the end of each turn: who waits for running attempts to end. *)
Busy == Running \/ worker = "starting"
Drained(to, l) ==
  [c \in DOMAIN to |->
    IF to[c].kind # "DRAIN" \/ to[c].is \notin {"waits", "late"} \/ c > loop[l].seen THEN to[c]
    ELSE IF ~Busy \/ Is("DrainDoesNotWait") THEN [to[c] EXCEPT !.is = "APPLIED"]
    ELSE IF to[c].is = "late" /\ Running THEN [to[c] EXCEPT !.is = "FAILED"] ELSE to[c]]

(* WAITING: the back-off is over, and the constructor of the client runs. *)
Out == Outage /\ faults = Faults
Create(l) ==
  /\ loop[l].pc = "create" /\ ~Out
  /\ loop' = [loop EXCEPT ![l].pc = "turn", ![l].client = TRUE, ![l].seen = 0]
  /\ cmds' = Drained(cmds, l)
  /\ IF Is("RestartUnpaused") THEN gate' = {} ELSE UNCHANGED gate
  /\ UNCHANGED <<want, state, runs, ending, fatal, client, workers, faults, ghosts>>

CreateFails(l) ==
  /\ IF Out THEN UNCHANGED faults ELSE Fault("throw")
  /\ loop[l].pc = "create"
  /\ IF Is("BackoffIgnoresIntent") THEN UNCHANGED <<loop, cmds>>
     ELSE /\ loop' = [loop EXCEPT ![l].pc = "turn", ![l].seen = 0] /\ cmds' = Drained(cmds, l)
  /\ UNCHANGED <<want, gate, state, runs, ending, fatal, client, workers, ghosts>>

(* LIVE: an eviction is noticed by the clocks; else acquire one step further, *)
(* and make the client's paused set equal to the reasons.                     *)
Why(acquiring, isFull) ==
  IF "USER" \in gate THEN "user"
  ELSE IF GateClosed \/ acquiring \/ isFull THEN "other" ELSE "none"

Fence(l) ==
  /\ evicted /\ ~Is("EvictionUnnoticed")
  /\ Go(l, "live", "replace")
  /\ UNCHANGED <<handshake, fatal, client, workers, faults, ghosts>>

Apply(l) ==
  /\ ~evicted \/ Is("EvictionUnnoticed")
  /\ ~Locked
  /\ Go(l, "live", "poll")
  /\ stage' = IF stage = "ACQUIRING" /\ ~Running THEN "ACTIVE" ELSE stage
  /\ full' = (buffer > 0)
  /\ look' = Why(stage' = "ACQUIRING", full')
  /\ paused' = IF Is("DrainedUnpauses") /\ full /\ ~full' THEN FALSE ELSE look' # "none"
  /\ UNCHANGED <<handshake, fatal, buffer, evicted, workers, faults, ghosts>>

EndOwnership ==
  /\ ~Locked
  /\ stage' = "NONE" /\ buffer' = 0 /\ full' = FALSE
  /\ current' = (current /\ ~Running)
  /\ UNCHANGED worker
CommitUnlessStale ==
  staleCommit' = (staleCommit \/ (evicted /\ Is("CommitsWhenStale")))

(* Inside poll(): a callback takes partitions over or hands them back. *)
Callback(fresh) == \* the client has forgotten the pauses; the callback sets them again
  /\ look' = Why(fresh, full)
  /\ paused' = IF Is("PauseLostOnRebalance") THEN FALSE ELSE look' # "none"

Assigned(l) ==
  /\ loop[l].pc = "poll" /\ stage = "NONE"
  /\ stage' = "ACQUIRING" /\ evicted' = FALSE /\ Callback(TRUE)
  /\ UNCHANGED <<handshake, loop, fatal, buffer, full, workers, faults, ghosts>>

Retained(l) ==
  /\ loop[l].pc = "poll" /\ stage \in {"ACQUIRING", "ACTIVE"} /\ Fault("rebalance")
  /\ Callback(stage = "ACQUIRING")
  /\ UNCHANGED <<handshake, loop, fatal, stage, buffer, full, evicted, workers, ghosts>>

Revoke(l) ==
  /\ stage \in {"ACQUIRING", "ACTIVE"} /\ ~Locked /\ Fault("rebalance")
  /\ Go(l, "poll", "revoke")
  /\ stage' = "DRAINING"
  /\ UNCHANGED <<handshake, fatal, buffer, full, paused, evicted, look, workers, ghosts>>

Revoked(l) == \* nothing runs any more, or the time is up
  /\ Go(l, "revoke", "poll")
  /\ EndOwnership /\ CommitUnlessStale
  /\ UNCHANGED <<handshake, fatal, paused, evicted, look, faults, flooded, stray, token>>

Lost(l) ==
  /\ loop[l].pc = "poll" /\ evicted /\ ~Is("EvictionUnnoticed")
  /\ EndOwnership /\ evicted' = FALSE
  /\ UNCHANGED <<handshake, loop, fatal, paused, look, faults, ghosts>>

Fetch(l) ==
  /\ stage = "ACTIVE" /\ ~paused /\ buffer = 0
  /\ Go(l, "poll", "polled")
  /\ buffer' = 1
  /\ UNCHANGED <<handshake, fatal, stage, full, paused, evicted, look, workers, faults, ghosts>>

Return(l) == \* the group is joined in the end, unless there is an outage
  /\ Go(l, "poll", "polled")
  /\ IF stage # "NONE" \/ Outage THEN UNCHANGED faults ELSE Fault("throw")
  /\ UNCHANGED <<handshake, fatal, client, workers, ghosts>>

(* The turn is over: resumes that were given before it began are true now. *)
Polled(l) ==
  /\ loop[l].pc = "polled"
  /\ loop' = [loop EXCEPT ![l].pc = "turn", ![l].seen = 0]
  /\ LET polled(c) == \/ cmds[c].kind = "START"
                      \/ /\ cmds[c].kind = "RESUME" /\ want = "RUN"
                         /\ c <= loop[l].seen \/ Is("AnsweredBeforeItsTurn")
     IN cmds' = Drained(IF stage = "NONE" THEN cmds ELSE
          [c \in DOMAIN cmds |->
            IF cmds[c].is = "waits" /\ polled(c) THEN [cmds[c] EXCEPT !.is = "APPLIED"] ELSE cmds[c]], l)
  /\ UNCHANGED <<want, gate, state, runs, ending, fatal, client, workers, faults, ghosts>>

(* Any call into the client throws. *)
Throws(l) ==
  /\ loop[l].pc \in {"live", "poll"} /\ Fault("throw")
  /\ loop' = [loop EXCEPT ![l].pc = "replace"]
  /\ UNCHANGED <<handshake, fatal, client, workers, ghosts>>

ThrowsForGood(l) ==
  /\ loop[l].pc \in {"create", "live", "poll"} /\ Fault("fatal")
  /\ loop' = [loop EXCEPT ![l].pc = "turn", ![l].seen = 0] /\ fatal' = TRUE
  /\ UNCHANGED <<handshake, client, workers, ghosts>>

(* The old client is closed, fully, before a new one is created. *)
Replace(l) ==
  /\ Go(l, "replace", "closeOld")
  /\ EndOwnership /\ CommitUnlessStale
  /\ UNCHANGED <<handshake, fatal, paused, evicted, look, faults, flooded, stray, token>>

CloseOld(l) == \* with or without an exception: it is gone
  /\ loop[l].pc = "closeOld"
  /\ loop' = [loop EXCEPT ![l].pc = "turn", ![l].seen = 0, ![l].client = FALSE]
  /\ stray' = IF Is("OldClosedLater") THEN stray + 1 ELSE stray
  /\ paused' = FALSE /\ evicted' = FALSE /\ look' = "none"
  /\ UNCHANGED <<handshake, fatal, stage, buffer, full, workers, faults, flooded, staleCommit, token>>

-----------------------------------------------------------------------------
(* The end of a loop: suspend(), close(), or what cannot heal.             *)

Down(l) ==
  /\ ~Locked
  /\ Go(l, "down", "drain")
  /\ stage' = IF stage = "ACTIVE" THEN "DRAINING" ELSE stage
  /\ cmds' = IF Is("AnsweredBeforeClose") THEN Settle({"SUSPEND"}, "APPLIED") ELSE cmds
  /\ UNCHANGED <<want, gate, state, runs, ending, fatal, buffer, full, paused, evicted, look, workers, faults, ghosts>>

DrainOver(l) == \* nothing runs any more, or the time is up
  /\ Is("CloseWaitsForHandler") => ~Running
  /\ Go(l, "drain", "close")
  /\ EndOwnership /\ CommitUnlessStale
  /\ UNCHANGED <<handshake, fatal, paused, evicted, look, faults, flooded, stray, token>>

CloseClient(l) ==
  /\ loop[l].pc = "close"
  /\ \/ /\ loop' = [loop EXCEPT ![l].pc = "last", ![l].client = FALSE, ![l].seen = 0]
        /\ UNCHANGED faults
     \/ /\ loop[l].client /\ Fault("throw")
        /\ loop' = [loop EXCEPT ![l].pc = "last", ![l].client = FALSE, ![l].seen = 0, ![l].bad = TRUE]
  /\ paused' = FALSE /\ evicted' = FALSE /\ look' = "none"
  /\ UNCHANGED <<handshake, fatal, stage, buffer, full, workers, ghosts>>

(* The last thing a loop does, under the lock of Runs: it reads the intent *)
(* and rests or goes on. A command that was recorded later finds, under    *)
(* the same lock, what the loop left.                                      *)
LastReads(l) ==
  /\ runs = Nobody
  /\ IF Is("LostWakeup") /\ want = "SUSPEND"
       THEN Go(l, "last", "gone") /\ UNCHANGED runs
       ELSE Go(l, "last", "restsOrGoesOn") /\ runs' = [by |-> "loop", who |-> l, want |-> want]
  /\ UNCHANGED <<want, gate, cmds, state, ending, fatal, client, workers, faults, ghosts>>

Rests(l) ==
  /\ loop' = [loop EXCEPT ![l] = NoLoop]
  /\ state' = "SUSPENDED"
  /\ LET outcome == IF (Running /\ ~Is("SuspendedWithAttempt")) \/ loop[l].bad THEN "FAILED" ELSE "APPLIED"
     IN cmds' = [c \in DOMAIN cmds |->
          IF ~Open(c) THEN cmds[c]
          ELSE CASE cmds[c].kind = "START" /\ ~Is("StartLeftOpen") -> [cmds[c] EXCEPT !.is = "SUPERSEDED"]
                 [] cmds[c].kind = "SUSPEND" -> [cmds[c] EXCEPT !.is = outcome]
                 [] cmds[c].kind = "DRAIN" /\ ~Is("DrainNeedsLoop") -> [cmds[c] EXCEPT !.is = outcome]
                 [] OTHER -> cmds[c]]
  /\ UNCHANGED <<ending, token>>

Ends(l) ==
  /\ loop' = [loop EXCEPT ![l] = NoLoop]
  /\ state' = "CLOSING" /\ ending' = "show"
  /\ UNCHANGED <<cmds, token>>

GoesOn(l) ==
  /\ loop' = [loop EXCEPT ![l] = NewLoop]
  /\ state' = "UP" /\ token' = FALSE
  /\ UNCHANGED <<cmds, ending>>

Restart(l) == \* only a mutant: by the signal, whatever the intent
  /\ loop' = [loop EXCEPT ![l] = [NewLoop EXCEPT !.pc = "create"]]
  /\ cmds' = Settle({"SUSPEND"}, "APPLIED") /\ token' = FALSE
  /\ UNCHANGED <<state, ending>>

LastActs(l) ==
  /\ loop[l].pc = "restsOrGoesOn"
  /\ runs' = Nobody
  /\ IF fatal \/ runs.want = "CLOSE" THEN Ends(l)
     ELSE IF token THEN Restart(l)
     ELSE IF runs.want = "SUSPEND" THEN Rests(l) ELSE GoesOn(l)
  /\ UNCHANGED <<want, gate, fatal, client, workers, faults, flooded, stray, staleCommit>>

Gone(l) == \* only a mutant: it acts on what it read without the lock
  /\ loop[l].pc = "gone" /\ runs = Nobody
  /\ Rests(l)
  /\ UNCHANGED <<want, gate, runs, fatal, client, workers, faults, flooded, stray, staleCommit>>

LoopStep(l) ==
  \/ Turn(l) \/ Create(l) \/ CreateFails(l) \/ Fence(l) \/ Apply(l)
  \/ Assigned(l) \/ Retained(l) \/ Revoke(l) \/ Revoked(l) \/ Lost(l) \/ Fetch(l) \/ Return(l) \/ Polled(l)
  \/ Throws(l) \/ ThrowsForGood(l) \/ Replace(l) \/ CloseOld(l)
  \/ Down(l) \/ DrainOver(l) \/ CloseClient(l) \/ LastReads(l) \/ LastActs(l) \/ Gone(l)

-----------------------------------------------------------------------------
(* LaneRunner: one worker, which is all that one partition can use.        *)

(* OwnedPartition.begin(), inside the partition's lock: reads the gate ... *)
BeginRead ==
  /\ worker = "idle" /\ buffer > 0 /\ MayStart
  /\ worker' = "starting"
  /\ UNCHANGED <<handshake, loop, fatal, client, current, faults, ghosts>>

(* ... and starts the record. *)
Begin ==
  /\ worker = "starting"
  /\ worker' = IF stage = "ACTIVE" /\ buffer > 0 THEN "begun" ELSE "idle"
  /\ UNCHANGED <<handshake, loop, fatal, client, current, faults, ghosts>>

(* After the bytes were deserialized: into the handler, or taken back.     *)
Enter ==
  /\ worker = "begun"
  /\ IF (current /\ MayStart) \/ Is("EntersAfterEnd")
       THEN worker' = "handling" /\ UNCHANGED current
       ELSE worker' = "idle" /\ current' = TRUE
  /\ UNCHANGED <<handshake, loop, fatal, client, faults, ghosts>>

(* The handler returns; of an ended ownership that changes nothing. *)
Finish ==
  /\ worker = "handling"
  /\ worker' = "idle" /\ current' = TRUE
  /\ buffer' = IF current THEN 0 ELSE buffer
  /\ UNCHANGED <<handshake, loop, fatal, stage, full, paused, evicted, look, faults, ghosts>>

WorkerStep == BeginRead \/ Begin \/ Enter \/ Finish

-----------------------------------------------------------------------------
(* What nobody has to do. *)

Hang ==
  /\ worker = "handling" /\ Fault("hang")
  /\ worker' = "hung"
  /\ UNCHANGED <<handshake, loop, fatal, client, current, ghosts>>

Flood == \* one dead letter too many in a row
  /\ worker = "handling" /\ current /\ Fault("flood")
  /\ gate' = gate \cup {"FLOOD"} /\ flooded' = TRUE
  /\ UNCHANGED <<want, cmds, state, runs, ending, loop, fatal, client, workers, stray, staleCommit, token>>

Evict == \* the process stood still for longer than its session
  /\ \E l \in LoopIds : loop[l].client /\ loop[l].pc \in {"turn", "poll"}
  /\ stage \in {"ACQUIRING", "ACTIVE"} /\ ~evicted /\ Fault("evict")
  /\ evicted' = TRUE
  /\ UNCHANGED <<handshake, loop, fatal, stage, buffer, full, paused, look, workers, ghosts>>

CallerCloses(c) == \* only the mutant: the caller's own thread closes the client
  /\ cmds[c].is = "inside"
  /\ cmds' = [cmds EXCEPT ![c].is = "APPLIED"]
  /\ loop' = [l \in LoopIds |-> [loop[l] EXCEPT !.client = FALSE]]
  /\ UNCHANGED <<want, gate, state, runs, ending, fatal, client, workers, faults, ghosts>>

Loop == \E l \in LoopIds : LoopStep(l)
Next ==
  \/ Command \/ AnswerStep \/ Loop \/ WorkerStep
  \/ Hang \/ Flood \/ Evict \/ \E c \in DOMAIN cmds : CallerCloses(c)

(* A thread that can go on does so in the end. Callers need not call, and bad things need not happen. *)
Spec == Init /\ [][Next]_vars
FairSpec == Spec /\ WF_vars(Loop) /\ WF_vars(WorkerStep) /\ SF_vars(AnswerStep) \* strong: a busy lock is free again and again
=============================================================================
