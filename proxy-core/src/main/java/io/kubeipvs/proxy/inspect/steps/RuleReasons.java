package io.kubeipvs.proxy.inspect.steps;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.RestoredRules;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.Words;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says in iptables mode of each chain and each rule that is written whose it is and why: as a
 * comment before its line, which the tools pass over, and as a list.
 */
final class RuleReasons {
  /**
   * The tools read lines of 10 kB, and take what is beyond for a command: a comment has to be
   * shorter, whatever names the cluster has.
   */
  private static final int COMMENT = 500;

  /** Services that are named in the reason of the whole. */
  private static final int NAMED = 3;

  private final boolean inForce;
  private final ServicesOfRules services;
  private final Map<AddressFamily, SavedRules> rules = new EnumMap<>(AddressFamily.class);

  private RuleReasons(
      boolean inForce, ServicesOfRules services, Map<AddressFamily, SavedRules> before) {
    this.inForce = inForce;
    this.services = services;
    this.rules.putAll(before);
  }

  /**
   * @param synced in IPVS mode the rules are the same whatever Services there are
   * @param before rules as the first step finds them
   */
  static RuleReasons of(DryRun synced, Cluster cluster, Map<AddressFamily, SavedRules> before) {
    return new RuleReasons(
        !synced.rules().isEmpty(),
        new ServicesOfRules(cluster, synced.status().conflicts()),
        before);
  }

  /** The step, and what the next one finds. */
  Step.Rules step(Operation.Rules written, String reason) throws IOException {
    AddressFamily family = written.family();
    String text = written.restore().text();
    if (!inForce) {
      return new Step.Rules(family, text, reason);
    }
    Family tool = family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6;
    SavedRules before = rules.getOrDefault(family, SavedRules.NONE);
    SavedRules after = RestoredRules.of(tool, before, text);
    rules.put(family, after);
    return new Annotated(new RulePartReasons(family, services, before, after))
        .of(text)
        .step(family, reason);
  }

  /** Text with comments. */
  private static final class Annotated {
    private final RulePartReasons reasons;
    private final StringBuilder text = new StringBuilder();
    private final List<Step.Part> parts = new ArrayList<>();
    private final Set<String> owners = new TreeSet<>();

    Annotated(RulePartReasons reasons) {
      this.reasons = reasons;
    }

    Annotated of(String restore) {
      List<String> lines = restore.lines().toList();
      String table = "";
      Set<String> declared = Set.of();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (line.startsWith("*")) {
          table = line.substring(1);
          declared = new HashSet<>();
        } else if (line.startsWith(":")) {
          String chain = line.substring(1, line.indexOf(' '));
          declared.add(chain);
          chain(table, chain);
        } else if (!line.equals("COMMIT")) {
          command(table, line, declared);
        }
        text.append(line).append('\n');
      }
      return this;
    }

    /** One that goes altogether has its reason where it goes. */
    private void chain(String table, String chain) {
      if (reasons.isThereAfter(table, chain)) {
        add(table + " " + chain, reasons.chain(table, chain));
      }
    }

    private void command(String table, String line, Set<String> declared) {
      String[] words = line.split(" ", 3);
      if (words[0].equals("-X")) {
        add(table + " -X " + words[1], reasons.gone(table, words[1]));
      } else if (!declared.contains(words[1]) || reasons.isShared(table, words[1])) {
        add(table + " " + line, reasons.rule(table, words[0], words.length < 3 ? "" : words[2]));
      }
    }

    private void add(String what, RulePartReasons.Reason reason) {
      parts.add(new Step.Part(what, reason.text()));
      text.append("# ").append(cut(Words.plain(reason.text()))).append('\n');
      if (!reason.service().isEmpty()) {
        owners.add(reason.service());
      }
    }

    private static String cut(String reason) {
      int length = reason.codePointCount(0, reason.length());
      return length <= COMMENT
          ? reason
          : reason.substring(0, reason.offsetByCodePoints(0, COMMENT)) + "...";
    }

    Step.Rules step(AddressFamily family, String reason) {
      String of = owners.isEmpty() ? "" : "for " + named() + ": ";
      return new Step.Rules(family, text.toString(), of + reason, parts);
    }

    private String named() {
      List<String> first = owners.stream().limit(NAMED).toList();
      int more = owners.size() - first.size();
      return (owners.size() == 1 ? "Service " : "Services ")
          + String.join(", ", first)
          + (more == 0 ? "" : " and " + more + " more");
    }
  }
}
