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
  \* Handshake, PauseGate, Lifecycle: changed under the lock of the handshake, but for FLOOD
  want,         \* the intent: RUN, PAUSE, SUSPEND or CLOSE
  gate,         \* reasons why no record of the whole consumer may start: USER, SUSPEND, FLOOD
  cmds,         \* the commands given so far, in their order; the index is the sequence number
  started,      \* start() was called
  final,        \* "no", "CLOSED" or "FAILED"
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

handshake == <<want, gate, cmds, started, final>>
client    == <<stage, buffer, full, paused, evicted, look>>
workers   == <<worker, current>>
ghosts    == <<flooded, stray, staleCommit, token>>
vars      == <<handshake, loop, fatal, client, workers, faults, ghosts>>

LoopIds == 1..2
NoLoop  == [pc |-> "off", seen |-> 0, client |-> FALSE, bad |-> FALSE]
NewLoop == [NoLoop EXCEPT !.pc = "turn"]

Init ==
  /\ want = "RUN" /\ gate = {} /\ cmds = <<>> /\ started = FALSE /\ final = "no"
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
Settle(kinds, answer) ==
  [c \in DOMAIN cmds |->
    IF cmds[c].is = "waits" /\ cmds[c].kind \in kinds THEN [cmds[c] EXCEPT !.is = answer] ELSE cmds[c]]
Add(to, kind, is) == Append(to, [kind |-> kind, is |-> is])

-----------------------------------------------------------------------------
(* Coordinator: commands, from any thread at any time. Each is one step    *)
(* under the lock of the handshake, and returns.                           *)

MayGive(kind) == kind \in Kinds /\ Len(cmds) < MaxCommands
Refused(kind) ==
  /\ cmds' = Add(cmds, kind, "FAILED")
  /\ UNCHANGED <<want, gate, started, final, loop, ghosts>>

Start ==
  /\ MayGive("START") /\ ~started /\ final = "no"
  /\ started' = TRUE
  /\ cmds' = Add(cmds, "START", IF want = "SUSPEND" THEN "SUPERSEDED" ELSE "waits")
  /\ loop' = IF want = "SUSPEND" THEN loop ELSE WithLoop
  /\ UNCHANGED <<want, gate, final, ghosts>>

Pause(kind) ==
  /\ MayGive(kind)
  /\ IF final # "no" THEN Refused(kind) ELSE
       /\ want' = IF want \in {"SUSPEND", "CLOSE"} THEN want ELSE "PAUSE"
       /\ gate' = IF want = "CLOSE" \/ Is("TwoStepPause") THEN gate
                ELSE IF Is("PauseForgetsFlood") THEN {"USER"} ELSE gate \cup {"USER"}
       /\ cmds' = Add(IF want = "CLOSE" THEN cmds ELSE Settle({"RESUME"}, "SUPERSEDED"), kind,
                      IF Is("TwoStepPause") THEN "half" ELSE IF Is("NoBarrier") THEN "decide" ELSE "barrier")
       /\ UNCHANGED <<started, final, loop, ghosts>>

Resume ==
  /\ MayGive("RESUME")
  /\ IF final # "no" THEN Refused("RESUME")
     ELSE IF want = "CLOSE" /\ ~Is("ResumeRevivesClosed") THEN
       /\ cmds' = Add(cmds, "RESUME", "waits")
       /\ UNCHANGED <<want, gate, started, final, loop, ghosts>>
     ELSE IF Is("ResumeWaitsForRestart") /\ Restarting THEN
       /\ cmds' = Add(cmds, "RESUME", "blocked")
       /\ UNCHANGED <<want, gate, started, final, loop, ghosts>>
     ELSE
       /\ want' = "RUN" /\ gate' = {} /\ flooded' = FALSE
       /\ cmds' = Add(Settle({"SUSPEND", "DRAIN"}, "SUPERSEDED"), "RESUME",
                      IF started THEN "waits" ELSE "APPLIED")
       /\ loop' = IF started /\ (~LoopExists \/ (Is("DoubleRestart") /\ want = "SUSPEND"))
                    THEN WithLoop ELSE loop
       /\ token' = (Is("BufferedSignal") /\ LoopExists)
       /\ UNCHANGED <<started, final, stray, staleCommit>>

Suspend ==
  /\ MayGive("SUSPEND")
  /\ IF final # "no" THEN Refused("SUSPEND")
     ELSE IF want = "CLOSE" THEN
       /\ cmds' = Add(cmds, "SUSPEND", "waits")
       /\ UNCHANGED <<want, gate, started, final, loop, ghosts>>
     ELSE
       /\ want' = "SUSPEND" /\ gate' = gate \cup {"SUSPEND"}
       /\ cmds' = Add(Settle({"RESUME", IF Is("StartLeftOpen") THEN "RESUME" ELSE "START"}, "SUPERSEDED"),
                      "SUSPEND",
                      IF Is("ClosedByCaller") /\ LoopExists THEN "inside"
                      ELSE IF ~LoopExists THEN IF Running THEN "FAILED" ELSE "APPLIED"
                      ELSE IF Is("RestartAfterSuspend") /\ Restarting THEN "APPLIED"
                      ELSE "waits")
       /\ UNCHANGED <<started, final, loop, ghosts>>

Close ==
  /\ MayGive("CLOSE")
  /\ want' = "CLOSE"
  /\ IF final # "no" \/ ~LoopExists
       THEN /\ final' = IF final = "no" THEN "CLOSED" ELSE final
            /\ cmds' = Add(Settle({"DRAIN"}, "SUPERSEDED"), "CLOSE", "APPLIED")
       ELSE /\ final' = final /\ cmds' = Add(cmds, "CLOSE", "waits")
  /\ UNCHANGED <<gate, started, loop, ghosts>>

(* The second half of pause(), still on the caller's thread: it passes the *)
(* lock of the partition, then decides under the lock of the handshake.    *)
Barrier(c) ==
  /\ cmds[c].is = "barrier" /\ ~Locked
  /\ cmds' = [cmds EXCEPT ![c].is = "decide"]
  /\ UNCHANGED <<want, gate>>

PauseSuperseded(c) ==
  want = "CLOSE" \/ (IF Is("LaterPauseMakesUp") THEN want = "RUN" ELSE Contrary(c, {"RESUME"}))

Decide(c) ==
  /\ cmds[c].is = "decide"
  /\ cmds' = [cmds EXCEPT ![c].is =
       IF PauseSuperseded(c) THEN "SUPERSEDED"
       ELSE IF cmds[c].kind = "PAUSE" THEN "APPLIED"
       ELSE IF final # "no" THEN "FAILED" ELSE "waits"]
  /\ UNCHANGED <<want, gate>>

(* pauseAndDrain(): nothing runs any more, or the time is up. *)
Drained(c) ==
  /\ cmds[c].is = "waits" /\ cmds[c].kind = "DRAIN" /\ (Is("DrainNeedsLoop") => LoopExists)
  /\ cmds' = [cmds EXCEPT ![c].is = IF Running /\ ~Is("DrainDoesNotWait") THEN "FAILED" ELSE "APPLIED"]
  /\ UNCHANGED <<want, gate>>

(* Steps that only mutants have. *)
SecondHalf(c) ==
  /\ cmds[c].is = "half"
  /\ gate' = gate \cup {"USER"} /\ cmds' = [cmds EXCEPT ![c].is = "barrier"]
  /\ UNCHANGED want
Unblocked(c) ==
  /\ cmds[c].is = "blocked" /\ ~Restarting
  /\ want' = "RUN" /\ gate' = {} /\ cmds' = [cmds EXCEPT ![c].is = "waits"]

AnswerStep ==
  /\ \E c \in DOMAIN cmds : Barrier(c) \/ Decide(c) \/ Drained(c) \/ SecondHalf(c) \/ Unblocked(c)
  /\ UNCHANGED <<started, final, loop, fatal, client, workers, faults, ghosts>>

Command ==
  /\ Start \/ Pause("PAUSE") \/ Pause("DRAIN") \/ Resume \/ Suspend \/ Close
  /\ UNCHANGED <<fatal, client, workers, faults>>

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

(* WAITING: the back-off is over, and the constructor of the client runs. *)
Out == Outage /\ faults = Faults
Create(l) ==
  /\ loop[l].pc = "create" /\ ~Out
  /\ loop' = [loop EXCEPT ![l].pc = "turn", ![l].client = TRUE]
  /\ IF Is("RestartUnpaused") THEN gate' = {} ELSE UNCHANGED gate
  /\ UNCHANGED <<want, cmds, started, final, fatal, client, workers, faults, ghosts>>

CreateFails(l) ==
  /\ IF Out THEN UNCHANGED faults ELSE Fault("throw")
  /\ Go(l, "create", IF Is("BackoffIgnoresIntent") THEN "create" ELSE "turn")
  /\ UNCHANGED <<handshake, fatal, client, workers, ghosts>>

(* LIVE: an eviction is noticed by the clocks; else acquire one step further, *)
(* and make the client's paused set equal to the reasons.                     *)
Why(acquiring, isFull) ==
  IF gate \cap {"USER", "SUSPEND"} # {} THEN "user"
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
  /\ cmds' = IF stage = "NONE" THEN cmds ELSE
       [c \in DOMAIN cmds |->
         IF cmds[c].is = "waits" /\ (cmds[c].kind = "START" \/
              (cmds[c].kind = "RESUME" /\ want = "RUN"
               /\ (c <= loop[l].seen \/ Is("AnsweredBeforeItsTurn"))))
           THEN [cmds[c] EXCEPT !.is = "APPLIED"] ELSE cmds[c]]
  /\ UNCHANGED <<want, gate, started, final, fatal, client, workers, faults, ghosts>>

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
  /\ UNCHANGED <<want, gate, started, final, fatal, buffer, full, paused, evicted, look, workers, faults, ghosts>>

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

(* The last thing a loop does, under the lock of the handshake, as resume() *)
(* is: so either it sees the resume, or the resume sees that it is gone.    *)
Waiting == {"START", "RESUME", "DRAIN"}
LastOfAll(l, end) ==
  /\ final' = end
  /\ loop' = [loop EXCEPT ![l] = NoLoop]
  /\ cmds' = [c \in DOMAIN cmds |->
       IF cmds[c].is # "waits" THEN cmds[c]
       ELSE [cmds[c] EXCEPT !.is = IF cmds[c].kind = "CLOSE" THEN "APPLIED"
                                   ELSE IF end = "FAILED" THEN "FAILED" ELSE "SUPERSEDED"]]
  /\ UNCHANGED <<want, gate, started, token>>

SuspendedNow(l) ==
  /\ loop' = [loop EXCEPT ![l] = NoLoop]
  /\ cmds' = Settle({"SUSPEND"}, IF (Running /\ ~Is("SuspendedWithAttempt")) \/ loop[l].bad
                                   THEN "FAILED" ELSE "APPLIED")
  /\ UNCHANGED <<want, gate, started, final, token>>

NextLoop(l) ==
  /\ loop' = [loop EXCEPT ![l] = NewLoop]
  /\ token' = FALSE
  /\ UNCHANGED handshake

Restart(l) == \* only a mutant: by the signal, whatever the intent
  /\ loop' = [loop EXCEPT ![l] = [NewLoop EXCEPT !.pc = "create"]]
  /\ cmds' = Settle({"SUSPEND"}, "APPLIED") /\ token' = FALSE
  /\ UNCHANGED <<want, gate, started, final>>

Last(l) ==
  /\ loop[l].pc = "last"
  /\ IF fatal THEN LastOfAll(l, "FAILED")
     ELSE IF want = "CLOSE" THEN LastOfAll(l, "CLOSED")
     ELSE IF token THEN Restart(l)
     ELSE IF want = "SUSPEND" THEN
       IF Is("LostWakeup")
         THEN /\ loop' = [loop EXCEPT ![l].pc = "gone"] /\ UNCHANGED <<handshake, token>>
         ELSE SuspendedNow(l)
     ELSE NextLoop(l)
  /\ UNCHANGED <<fatal, client, workers, faults, flooded, stray, staleCommit>>

Gone(l) == \* only the mutant: what was decided a step ago is done now
  /\ loop[l].pc = "gone"
  /\ SuspendedNow(l)
  /\ UNCHANGED <<fatal, client, workers, faults, flooded, stray, staleCommit>>

LoopStep(l) ==
  \/ Turn(l) \/ Create(l) \/ CreateFails(l) \/ Fence(l) \/ Apply(l)
  \/ Assigned(l) \/ Retained(l) \/ Revoke(l) \/ Revoked(l) \/ Lost(l) \/ Fetch(l) \/ Return(l) \/ Polled(l)
  \/ Throws(l) \/ ThrowsForGood(l) \/ Replace(l) \/ CloseOld(l)
  \/ Down(l) \/ DrainOver(l) \/ CloseClient(l) \/ Last(l) \/ Gone(l)

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
  /\ UNCHANGED <<want, cmds, started, final, loop, fatal, client, workers, stray, staleCommit, token>>

Evict == \* the process stood still for longer than its session
  /\ \E l \in LoopIds : loop[l].client /\ loop[l].pc \in {"turn", "poll"}
  /\ stage \in {"ACQUIRING", "ACTIVE"} /\ ~evicted /\ Fault("evict")
  /\ evicted' = TRUE
  /\ UNCHANGED <<handshake, loop, fatal, stage, buffer, full, paused, look, workers, ghosts>>

CallerCloses(c) == \* only the mutant: the caller's own thread closes the client
  /\ cmds[c].is = "inside"
  /\ cmds' = [cmds EXCEPT ![c].is = "APPLIED"]
  /\ loop' = [l \in LoopIds |-> [loop[l] EXCEPT !.client = FALSE]]
  /\ UNCHANGED <<want, gate, started, final, fatal, client, workers, faults, ghosts>>

Loop == \E l \in LoopIds : LoopStep(l)
Next ==
  \/ Command \/ AnswerStep \/ Loop \/ WorkerStep
  \/ Hang \/ Flood \/ Evict \/ \E c \in DOMAIN cmds : CallerCloses(c)

(* A thread that can go on does so in the end. Callers need not call, and bad things need not happen. *)
Spec == Init /\ [][Next]_vars
FairSpec == Spec /\ WF_vars(Loop) /\ WF_vars(WorkerStep) /\ SF_vars(AnswerStep) \* strong: a busy lock is free again and again
=============================================================================
