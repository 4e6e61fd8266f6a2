package io.github.safeconsumer.sim;

/** What must always be so. S: nothing bad happens; L: something good does. */
enum Invariant {
  S1("one thread inside a client"),
  S2("one live client of a consumer, and of a static identity"),
  S3("one replacement at a time"),
  S4("after SUSPEND or CLOSE applied: no client, no record, until a resume"),
  S5("no record starts between a pause applied and a resume"),
  S6("an answer is true: APPLIED holds, SUPERSEDED has a later contrary command"),
  S7("the client is paused as the reasons say, after every rebalance"),
  S8("a commit covers only what its owner has done, and never goes back"),
  S9("no record is lost"),
  S10("records of a lane one after the other, in order"),
  S11("attempts within the bound, over all owners"),
  S12("attempts at once within the concurrency"),
  S12R("starts within the rate in force and its burst"),
  S12B("admitted records within the budget, whenever more are admitted"),
  S13("no reason: fetching"),
  S14("handled again only as far as promised"),
  S15("no record begins at or past the confirmed end of the lease"),
  S16("what a note calls done is done"),
  S17("a failed record is alone in its batch, and nobody pays for a batch that threw"),
  S18("failed attempts are noted before the next one, and found by the next owner"),
  S19("a suspect runs only when it is named, and alone where the note says so"),
  S20("only who kills its process each time is convicted, and clean ends are no deaths"),
  S21("a dead letter that hung did, and no interrupt reaches another record"),
  L1("every future completes, in its time"),
  L2("the loop polls in time"),
  L3("everything is handled soon after the last fault"),
  L4("close() ends within its bound, and says the truth"),
  L5("what is done is committed at the end"),
  L6("no partition starves while others start records"),
  L7("a record that kills its process is past after few deaths");

  final String meaning;

  Invariant(String meaning) {
    this.meaning = meaning;
  }
}
