package io.kubeipvs.proxy.history;

import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.json.JsonWriter;
import io.kubeipvs.proxy.state.Cause;
import io.kubeipvs.proxy.sync.Repair;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A record as JSON. Texts are cut: the kernel's words may hold a whole file. */
final class RecordText {
  private static final int LONGEST_TEXT = 400;

  /** These, then what the last of them consists of. */
  private static final List<String> PARTS = List.of("observe", "plan", "apply");

  private RecordText() {}

  static String of(long number, SyncRecord sync) {
    JsonWriter json = new JsonWriter().open();
    json.member("number", number);
    json.member("at", sync.at().toString());
    json.member("look", sync.full() ? "full" : "changes");
    json.member("reason", sync.reason());
    list(json, "causes", new SyncRecord.Some<>(sync.causes(), sync.changed()), RecordText::cause);
    json.member("services", sync.services());
    list(json, "operations", sync.operations(), RecordText::operation);
    json.name("byPhase").open();
    new TreeMap<>(sync.byPhase()).forEach(json::member);
    json.close();
    list(json, "failures", sync.failures(), RecordText::failure);
    list(json, "repairs", sync.repairs(), RecordText::repair);
    durations(json, sync.took());
    json.name("milliseconds").fraction(milliseconds(sync.duration()));
    json.member("forgottenFlows", sync.forgottenFlows());
    json.member("error", cut(sync.error()));
    return json.close().toString();
  }

  /** The first ones, and the number of all under the name with {@code Total} behind it. */
  private static <T> void list(
      JsonWriter json, String name, SyncRecord.Some<T> some, BiConsumer<JsonWriter, T> write) {
    json.member(name + "Total", some.total());
    json.name(name).openList();
    some.first().forEach(each -> write.accept(json, each));
    json.closeList();
  }

  private static void cause(JsonWriter json, Cause cause) {
    json.open().member("kind", cause.kind()).member("name", cut(cause.name()));
    json.member("resourceVersion", cut(cause.resourceVersion()));
    json.member("deleted", cause.deleted()).close();
  }

  private static void operation(JsonWriter json, Operation operation) {
    String more =
        operation instanceof Operation.Rules rules ? " # " + rules.restore().summary() : "";
    json.text(cut(operation + more));
  }

  private static void failure(JsonWriter json, Failure failure) {
    json.open().member("operation", cut(failure.operation().toString()));
    json.member("reason", cut(failure.reason())).close();
  }

  private static void repair(JsonWriter json, Repair repair) {
    json.open().member("operation", cut(repair.operation().toString()));
    json.name("differences").openList();
    List<Repair.Difference> differences = repair.differences();
    for (Repair.Difference each : differences) {
      json.open().member("field", each.field()).member("expected", cut(each.expected()));
      json.member("found", cut(each.found())).close();
    }
    json.closeList().close();
  }

  private static void durations(JsonWriter json, Map<String, Duration> took) {
    json.name("millisecondsOf").open();
    Map<String, Duration> sorted = new LinkedHashMap<>();
    PARTS.stream().filter(took::containsKey).forEach(part -> sorted.put(part, took.get(part)));
    new TreeMap<>(took).forEach(sorted::putIfAbsent);
    sorted.forEach((part, time) -> json.name(part).fraction(milliseconds(time)));
    json.close();
  }

  private static double milliseconds(Duration time) {
    return time.toNanos() / 1_000_000.0;
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
  }
}
