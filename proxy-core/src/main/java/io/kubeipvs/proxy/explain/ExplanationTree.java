package io.kubeipvs.proxy.explain;

import io.kubeipvs.proxy.explain.Explanation.ServerName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An explanation for programs: maps, lists, texts and numbers. Names are never changed and never
 * taken away; new ones may come.
 */
public final class ExplanationTree {
  private ExplanationTree() {}

  public static Map<String, Object> of(Explanation explanation) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("client", explanation.question().clientText());
    tree.put("destination", explanation.question().destination().toString());
    tree.put("port", explanation.question().port());
    tree.put("protocol", explanation.question().protocol().toString());
    tree.put("verdict", explanation.verdict().name().toLowerCase(Locale.ROOT));
    tree.put("certain", explanation.isCertain());
    tree.put("from", explanation.from());
    explanation.owner().ifPresent(owner -> tree.put("owner", owner(owner)));
    tree.put(
        "outcomes",
        explanation.outcomes().stream().map(each -> outcome(each, explanation.servers())).toList());
    tree.put(
        "settings",
        explanation.settings().stream()
            .map(each -> map("name", each.name(), "value", each.value(), "effect", each.effect()))
            .toList());
    tree.put("disagreements", explanation.disagreements());
    tree.put("notes", explanation.notes());
    return tree;
  }

  private static Map<String, Object> owner(Owner owner) {
    return map(
        "service",
        owner.service(),
        "kind",
        owner.kind(),
        "why",
        owner.why(),
        "remarks",
        owner.remarks());
  }

  private static Map<String, Object> outcome(Outcome outcome, List<ServerName> servers) {
    Map<String, Object> tree = new LinkedHashMap<>();
    fate(outcome.fate(), servers, tree);
    tree.put("share", outcome.share());
    tree.put("masqueraded", outcome.masquerade().isPresent());
    outcome.masquerade().ifPresent(by -> tree.put("masqueradedBy", by));
    outcome.seenAs().ifPresent(address -> tree.put("seenAs", address.toString()));
    tree.put("assumed", outcome.doubts());
    if (!outcome.caution().isEmpty()) {
      tree.put("caution", outcome.caution());
    }
    tree.put(
        "steps",
        outcome.steps().stream()
            .map(
                step ->
                    map(
                        "place",
                        step.place(),
                        "what",
                        step.what(),
                        "evidence",
                        step.evidence(),
                        "because",
                        step.because()))
            .toList());
    return tree;
  }

  private static void fate(Fate fate, List<ServerName> servers, Map<String, Object> tree) {
    tree.put("fate", fate.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    if (fate instanceof Fate.Delivered to) {
      String server = to.server().withPort(to.port());
      tree.put("server", server);
      tree.put("local", to.local());
      Optional<ServerName> name =
          servers.stream().filter(each -> each.server().equals(server)).findFirst();
      name.filter(each -> !each.pod().isEmpty()).ifPresent(each -> tree.put("pod", each.pod()));
      name.filter(each -> !each.node().isEmpty()).ifPresent(each -> tree.put("node", each.node()));
    } else if (fate instanceof Fate.HostSocket host) {
      tree.put("address", host.address().withPort(host.port()));
    } else if (fate instanceof Fate.Forwarded to) {
      tree.put("address", to.destination().withPort(to.port()));
      tree.put("device", to.device());
    } else if (fate instanceof Fate.Refused refused) {
      tree.put("answer", refused.answer());
      tree.put("by", refused.by());
    } else if (fate instanceof Fate.Dropped dropped) {
      tree.put("by", dropped.by());
    } else if (fate instanceof Fate.Unknown unknown) {
      tree.put("why", unknown.why());
    }
  }

  private static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
