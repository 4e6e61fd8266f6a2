package io.github.safeconsumer.support;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupDoctor;
import io.github.safeconsumer.GroupReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A group and all that a doctor has said of it. Not thread-safe. */
public final class Patient implements AutoCloseable {
  private final GroupDoctor doctor;
  private final String group;
  private final List<GroupReport> reports = new ArrayList<>();

  public Patient(String bootstrapServers, String group) {
    this.group = group;
    this.doctor = GroupDoctor.open(Map.of("bootstrap.servers", bootstrapServers), group);
  }

  public void look() {
    reports.add(doctor.look());
  }

  public GroupReport last() {
    return reports.get(reports.size() - 1);
  }

  /** Of the last look. */
  public List<String> codes() {
    return codes(last());
  }

  /** Of all looks. */
  public List<String> allCodes() {
    return reports.stream().flatMap(report -> codes(report).stream()).toList();
  }

  private static List<String> codes(GroupReport report) {
    return report.causes().stream().map(Cause::code).toList();
  }

  /** Whether it was looked at for so long. */
  public boolean watched(Duration time) {
    return Duration.between(reports.get(0).at(), last().at()).compareTo(time) >= 0;
  }

  @Override
  public void close() {
    doctor.close();
  }

  /** Group and last causes, so that a failed assertion tells. */
  @Override
  public String toString() {
    return group + (reports.isEmpty() ? "" : " " + last().causes());
  }
}
