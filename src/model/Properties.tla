----------------------------- MODULE Properties -----------------------------
(***************************************************************************)
(* What must hold, by the names of docs/MODEL.md; and for each property a  *)
(* state in which it is put to the test, so that none holds for lack of a  *)
(* case.                                                                   *)
(***************************************************************************)
EXTENDS Handshake, TLC

Given(kinds) == {c \in DOMAIN cmds : cmds[c].kind \in kinds}
Closing(c) == \E d \in Given({"CLOSE"}) : d # c
After(c, kinds) == \* a command of these kinds came later, and before close()
  \E d \in Given(kinds) : d > c /\ \A e \in Given({"CLOSE"}) : e > d
Unlifted(kinds) == \E c \in Given(kinds) : ~After(c, {"RESUME"})
Unrecorded == \E c \in DOMAIN cmds : cmds[c].is \in {"half", "blocked"}
Some(pcs) == \E l \in LoopIds : loop[l].pc \in pcs
Joined == stage # "NONE" /\ \E l \in LoopIds : loop[l].client
Clients == Cardinality({l \in LoopIds : loop[l].client}) + stray

(* What was answered and not taken back by a resume() since. *)
PauseInForce == \E c \in Given({"PAUSE", "DRAIN"}) : cmds[c].is = "APPLIED" /\ ~After(c, {"RESUME"})
SuspendInForce == \E c \in Given({"SUSPEND"}) : cmds[c].is = "APPLIED" /\ ~After(c, {"RESUME"})
CloseInForce == \E c \in Given({"CLOSE"}) : cmds[c].is = "APPLIED"

-----------------------------------------------------------------------------
(* Safety *)

S1_OneThreadInClient ==
  Cardinality({l \in LoopIds : loop[l].client /\ loop[l].pc \in {"live", "poll", "revoke", "closeOld", "close"}})
  + Cardinality({c \in DOMAIN cmds : cmds[c].is = "inside"}) <= 1

S2_OneClient == Clients <= 1 /\ (Some({"create"}) => Clients = 0)

S3_OneRestart == Cardinality({l \in LoopIds : loop[l].pc # "off"}) <= 1

S4_QuietAfterSuspendAndClose ==
  /\ SuspendInForce \/ CloseInForce => Clients = 0 /\ stage = "NONE" /\ buffer = 0 /\ ~Some({"create"})
  /\ CloseInForce => ~LoopExists
  /\ SuspendInForce => ~Running /\ (LoopExists => want = "CLOSE") \* start() while close() is on its way
S4_NothingStartsAfter ==
  [][SuspendInForce \/ CloseInForce => worker' \notin {"starting", "begun", "handling"} \/ worker' = worker]_vars

S5_NothingStartsWhilePaused ==
  [][PauseInForce => ~(worker = "starting" /\ worker' = "begun")]_vars

S6_LastIntentWins ==
  (state # "FAILED" /\ ~Unrecorded) =>
    /\ want = IF Given({"CLOSE"}) # {} THEN "CLOSE"
              ELSE IF Unlifted({"SUSPEND"}) THEN "SUSPEND"
              ELSE IF Unlifted({"PAUSE", "DRAIN"}) THEN "PAUSE" ELSE "RUN"
    /\ want # "CLOSE" => ("USER" \in gate <=> want \in {"PAUSE", "SUSPEND"})

(* look is why nothing may be fetched, as it was at the last callback or turn. *)
S7_PausedAfterRebalance == [][Some({"poll"}) /\ buffer < buffer' => look = "none"]_vars

S13_PausedIffReasons ==
  /\ Some({"poll", "polled"}) => (paused <=> look # "none")
  /\ ("FLOOD" \in gate) <=> flooded

Applied(c) == \* what APPLIED says is true now
  CASE cmds[c].kind = "PAUSE" -> GateClosed /\ worker # "starting" /\ ~After(c, {"RESUME"})
    [] cmds[c].kind = "DRAIN" -> GateClosed /\ worker # "starting" /\ ~After(c, {"RESUME"}) /\ ~Running
    [] cmds[c].kind = "RESUME" ->
         state = "NEW" \/ (Joined /\ look # "user" /\ ~After(c, {"PAUSE", "DRAIN", "SUSPEND"}))
    [] cmds[c].kind = "START" -> Joined
    [] cmds[c].kind = "SUSPEND" -> ~LoopExists /\ Clients = 0 /\ ~Running /\ ~After(c, {"RESUME"})
    [] cmds[c].kind = "CLOSE" -> ~LoopExists /\ Clients = 0 /\ Final
Superseded(c) == \* a contrary command came first
  Closing(c) \/
    CASE cmds[c].kind \in {"PAUSE", "DRAIN", "SUSPEND"} -> After(c, {"RESUME"})
      [] cmds[c].kind = "RESUME" -> After(c, {"PAUSE", "DRAIN", "SUSPEND"})
      [] cmds[c].kind = "START" -> state = "SUSPENDED"
Failed(c) == \* the consumer is over, or something did not end
  Final \/ (cmds[c].kind \in {"DRAIN", "SUSPEND"} /\ (Running \/ state = "SUSPENDED"))

L1_AnswersAreTrue ==
  [][cmds' # cmds => \A c \in DOMAIN cmds' :
       (c \notin DOMAIN cmds \/ cmds[c].is # cmds'[c].is) =>
          /\ cmds'[c].is = "APPLIED" => Applied(c)'
          /\ cmds'[c].is = "SUPERSEDED" => Superseded(c)'
          /\ cmds'[c].is = "FAILED" => Failed(c)']_vars

L3_NothingStaleCounts == ~staleCommit

-----------------------------------------------------------------------------
(* Liveness. Commands and bad things are finite in number, an answer stays *)
(* an answer and the end stays the end: so "each is answered in the end"   *)
(* and "in the end, all are answered" are the same, and the second is      *)
(* quicker to check.                                                       *)

Answers == {"APPLIED", "SUPERSEDED", "FAILED"}
L1_EveryFutureCompletes == <>[](\A c \in DOMAIN cmds : cmds[c].is \in Answers)

(* Where no client can be created, start() and resume() stay open, and every call still returns. *)
L1_CompletesInOutage ==
  <>[](\A c \in DOMAIN cmds : cmds[c].is \in Answers \/ (cmds[c].kind \in {"START", "RESUME"} /\ cmds[c].is = "waits"))

L3_EvictionHeals == <>[]~evicted

L4_CloseEnds == <>[](want = "CLOSE" => Final /\ ~LoopExists)

S6_Settles ==
  <>[](IF Final \/ state = "NEW" \/ want = "SUSPEND" THEN ~LoopExists
       ELSE /\ want # "CLOSE" /\ stage # "NONE" /\ \E l \in LoopIds : loop[l].client
            /\ gate # {} => paused)

-----------------------------------------------------------------------------
(* Each of these has to be met. TLC prints its name the first time.        *)

Paused == "USER" \in gate
Answered(kind, answer) == \E c \in DOMAIN cmds : cmds[c].kind = kind /\ cmds[c].is = answer
PauseAt(is) == \E c \in Given({"PAUSE", "DRAIN"}) : cmds[c].is = is

Met(i, name, premise) == TLCGet(i) \/ ~premise \/ (TLCSet(i, TRUE) /\ PrintT("met: " \o name))
ASSUME \A i \in 1..32 : TLCSet(i, FALSE)

CasesAreMet ==
  /\ Met(1, "S1 a command while the client polls", cmds # <<>> /\ cmds[Len(cmds)].kind = "SUSPEND" /\ Some({"poll"}))
  /\ Met(2, "S2 a replacement is created", faults > 0 /\ Some({"create"}))
  /\ Met(3, "S3 resume while the old loop goes down", want = "RUN" /\ Some({"drain", "close", "last", "restsOrGoesOn"}))
  /\ Met(4, "S3 suspend again while the old loop goes down",
       Some({"last", "restsOrGoesOn"}) /\ \E c \in Given({"SUSPEND"}) : cmds[c].is = "SUPERSEDED" /\ want = "SUSPEND")
  /\ Met(5, "S4 suspended", SuspendInForce)
  /\ Met(6, "S4 closed", CloseInForce)
  /\ Met(7, "S4 a new loop after suspend", Answered("SUSPEND", "APPLIED") /\ Some({"poll"}))
  /\ Met(8, "S5 paused while a worker wants to start",
       PauseInForce /\ worker = "idle" /\ buffer > 0 /\ stage = "ACTIVE" /\ want = "PAUSE")
  /\ Met(9, "S5 a pause waits for a start", PauseAt("barrier") /\ Locked /\ Paused)
  /\ Met(10, "S5 a start is taken back", worker = "begun" /\ current /\ GateClosed)
  /\ Met(11, "S6 pause and resume cross", \E c \in Given({"PAUSE"}) : cmds[c].is = "decide" /\ After(c, {"RESUME"}))
  /\ Met(12, "S7 a rebalance while paused", Some({"poll"}) /\ faults > 0 /\ stage = "ACQUIRING" /\ Paused /\ paused)
  /\ Met(13, "S13 two owners of the gate", {"USER", "FLOOD"} \subseteq gate)
  /\ Met(14, "S13 paused by the user and full", Paused /\ full /\ paused)
  /\ Met(15, "S13 not paused any more", Some({"poll"}) /\ ~paused /\ stage = "ACTIVE" /\ Answered("PAUSE", "APPLIED"))
  /\ Met(16, "L1 start applied", Answered("START", "APPLIED"))
  /\ Met(17, "L1 start superseded", Answered("START", "SUPERSEDED"))
  /\ Met(18, "L1 pause applied", Answered("PAUSE", "APPLIED"))
  /\ Met(19, "L1 pause superseded", Answered("PAUSE", "SUPERSEDED"))
  /\ Met(20, "L1 drain applied", Answered("DRAIN", "APPLIED"))
  /\ Met(21, "L1 drain superseded", Answered("DRAIN", "SUPERSEDED"))
  /\ Met(22, "L1 drain failed", Answered("DRAIN", "FAILED") /\ ~Final)
  /\ Met(23, "L1 resume applied", Answered("RESUME", "APPLIED") /\ state = "UP")
  /\ Met(24, "L1 resume superseded", Answered("RESUME", "SUPERSEDED"))
  /\ Met(25, "L1 suspend applied", Answered("SUSPEND", "APPLIED"))
  /\ Met(26, "L1 suspend superseded", Answered("SUSPEND", "SUPERSEDED"))
  /\ Met(27, "L1 suspend failed", Answered("SUSPEND", "FAILED") /\ ~Final)
  /\ Met(28, "L1 failed for good while one waits", fatal /\ Answered("RESUME", "FAILED"))
  /\ Met(29, "L3 evicted with a record in hand", evicted /\ buffer > 0)
  /\ Met(30, "L3 evicted while suspended or closed", evicted /\ Some({"down"}))
  /\ Met(31, "L4 close while a client is created", want = "CLOSE" /\ Some({"create"}))
  /\ Met(32, "L4 closed with a hung handler", CloseInForce /\ worker = "hung")
=============================================================================
