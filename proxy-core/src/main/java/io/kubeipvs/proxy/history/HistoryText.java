package io.kubeipvs.proxy.history;

import io.kubeipvs.proxy.json.JsonValue;
import io.kubeipvs.proxy.json.JsonWriter;
import io.kubeipvs.proxy.json.TreeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sync as {@code kube-ipvs history} prints it. */
public final class HistoryText {
  private HistoryText() {}

  /** Several lines; what the cluster names is printed without what a terminal would obey. */
  public static String text(JsonValue sync) {
    StringBuilder out = new StringBuilder();
    out.append(sync.get("at").text()).append("  sync ").append(sync.get("number").text());
    out.append(sync.get("look").text().equals("full") ? ", full" : "");
    String reason = sync.get("reason").text();
    out.append(reason.isEmpty() ? "" : " (" + reason + ")");
    out.append(": ").append(summary(sync)).append('\n');
    lines(out, sync, "because", "causes", HistoryText::cause);
    lines(out, sync, "did", "operations", JsonValue::text);
    lines(out, sync, "failed", "failures", HistoryText::failure);
    lines(out, sync, "repaired", "repairs", HistoryText::repair);
    line(out, "took", took(sync));
    line(out, "error", sync.get("error").text());
    return out.toString();
  }

  private static String summary(JsonValue sync) {
    if (!sync.get("error").text().isEmpty()) {
      return "given up, nothing or not everything was written";
    }
    List<String> parts = new ArrayList<>();
    parts.add(count(sync.get("operationsTotal").number(), "operation"));
    for (String kind : List.of("failure", "repair")) {
      long number = sync.get(kind + "sTotal").number();
      if (number > 0) {
        parts.add(count(number, kind));
      }
    }
    long flows = sync.get("forgottenFlows").number();
    if (flows > 0) {
      parts.add(count(flows, "tracked flow") + " deleted");
    }
    return String.join(", ", parts) + " in " + sync.get("milliseconds").text() + " ms";
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String cause(JsonValue cause) {
    String version = cause.get("resourceVersion").text();
    String what = cause.get("kind").text() + " " + cause.get("name").text();
    return what
        + (cause.get("deleted").isTrue() ? " deleted" : "")
        + (version.isEmpty() ? "" : " at " + version);
  }

  private static String failure(JsonValue failure) {
    return failure.get("operation").text() + ": " + failure.get("reason").text();
  }

  private static String repair(JsonValue repair) {
    List<String> differences = new ArrayList<>();
    for (JsonValue each : repair.get("differences").items()) {
      differences.add(
          "%s: expected %s, found %s"
              .formatted(
                  each.get("field").text(), each.get("expected").text(), each.get("found").text()));
    }
    return String.join("; ", differences) + ": " + repair.get("operation").text();
  }

  private static String took(JsonValue sync) {
    List<String> parts = new ArrayList<>();
    JsonValue times = sync.get("millisecondsOf");
    for (String part : times.names()) {
      parts.add(part + " " + times.get(part).text());
    }
    return parts.isEmpty() ? "" : String.join(", ", parts) + " ms";
  }

  private interface ToText {
    String of(JsonValue value);
  }

  private static void lines(
      StringBuilder out, JsonValue sync, String label, String member, ToText text) {
    List<JsonValue> items = sync.get(member).items();
    items.forEach(item -> line(out, label, text.of(item)));
    long more = sync.get(member + "Total").number() - items.size();
    if (more > 0) {
      line(out, label, "... and " + more + " more");
    }
  }

  private static void line(StringBuilder out, String label, String text) {
    if (!text.isEmpty()) {
      out.append("    %-9s".formatted(label)).append(printable(text)).append('\n');
    }
  }

  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** One line. */
  public static String json(JsonValue sync) {
    JsonWriter out = new JsonWriter();
    write(out, sync.tree());
    return out + "\n";
  }

  private static void write(JsonWriter out, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      out.open();
      map.forEach((name, member) -> write(out.name("" + name), member));
      out.close();
    } else if (value instanceof List<?> list) {
      out.openList();
      list.forEach(item -> write(out, item));
      out.closeList();
    } else if (value instanceof String text) {
      out.text(text);
    } else {
      out.raw("" + value);
    }
  }

  /** A document. */
  public static String yaml(JsonValue sync) {
    return TreeText.document(sync.tree());
  }
}
