package io.github.safeconsumer.sim;

public final class SimulationMain {
  public static void main(String[] args) throws Exception {
    ((ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger("ROOT")).setLevel(ch.qos.logback.classic.Level.OFF);
    long from = Long.parseLong(args[0]), to = Long.parseLong(args[1]);
    int keep = args.length > 2 ? Integer.parseInt(args[2]) : 0;
    long t0 = System.nanoTime(); double virtual = 0; int bad = 0;
    java.util.Map<String,Integer> kinds = new java.util.TreeMap<>();
    for (long s = from; s < to; s++) {
      Plan plan = Plan.of(s);
      Simulation sim = new Simulation(plan, keep).run();
      virtual += sim.scheduler().nanos() / 1e9;
      String v = sim.scheduler().failure() != null ? "FAIL " + sim.scheduler().failure() : sim.oracle().violations().isEmpty() ? "ok" : sim.oracle().violations().get(0).toString();
      if (!v.equals("ok")) { bad++; kinds.merge(v.replaceAll("[0-9]+","N").replaceAll("client.*","").substring(0, Math.min(60, v.replaceAll("[0-9]+","N").replaceAll("client.*","").length())),1,Integer::sum); }
      if (!v.equals("ok") || to - from < 20) System.out.println(s + " " + v + " steps=" + sim.scheduler().steps() + " handled=" + sim.handled() + " hash=" + Long.toHexString(sim.trace().hash()) + " t=" + sim.scheduler().nanos()/1000000000 + (to-from<3? " " + plan:""));
      if (keep > 0) { sim.trace().lines().forEach(System.out::println); if (sim.scheduler().failureCause() != null) sim.scheduler().failureCause().printStackTrace(System.out); }
    }
    System.out.println(kinds);
    System.out.printf("%d seeds, %d bad, %.1f virtual h in %.1f s%n", to - from, bad, virtual / 3600, (System.nanoTime() - t0) / 1e9);
    System.exit(0);
  }
}
