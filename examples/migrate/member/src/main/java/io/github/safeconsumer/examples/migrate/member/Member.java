package io.github.safeconsumer.examples.migrate.member;

/** One member of the group, whatever library it is made with. It has a public constructor. */
public interface Member {
  void start(Spec spec, Journal journal) throws Exception;

  /** Ends in the orderly way of its library. */
  void close() throws Exception;
}
