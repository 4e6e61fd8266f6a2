package io.github.safeconsumer.examples.migrate.member;

/** The process of a member. It ends in an orderly way when its standard input does. */
public final class MemberMain {
  private MemberMain() {}

  public static void main(String[] arguments) throws Exception {
    Member member = (Member) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
    member.start(new Spec(arguments[1], arguments[2], arguments[3]), new Journal(arguments[4]));
    while (System.in.read() >= 0) {
      // Nothing is said; what counts is the end.
    }
    member.close();
    System.exit(0);
  }
}
