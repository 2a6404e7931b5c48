package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.IptablesTools;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.ToolOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What each kind of iptables shows. */
final class RuleReader {
  private static final List<String> PROGRAMS = List.of("iptables-nft", "iptables-legacy");
  private static final List<String> NAMES = List.of("ip_tables_names", "ip6_tables_names");

  private final Path network;
  private final ToolOptions options;

  RuleReader(Path root, ToolOptions options) {
    this.network = root.resolve("proc/net");
    this.options = options;
  }

  Rules read() throws IOException {
    List<Rules.View> views = new ArrayList<>();
    for (String program : PROGRAMS) {
      for (Family family : Family.values()) {
        add(family, program, views);
      }
    }
    String chosen = IptablesTools.choose(saved(views, false), saved(views, true));
    Map<Family, String> missing = new EnumMap<>(Family.class);
    boolean nothing = views.isEmpty();
    for (Family family : Family.values()) {
      if (nothing || views.stream().noneMatch(view -> isOf(family, chosen, view))) {
        openChosen(family, chosen, nothing, views, missing);
      }
    }
    return new Rules(chosen, views, legacyTables(), missing, NftTables.read());
  }

  /** The proxy uses one kind for both families; any will do where it takes the node's default. */
  private static boolean isOf(Family family, String chosen, Rules.View view) {
    boolean kind = chosen.endsWith("-legacy") == view.isLegacy() || chosen.equals("iptables");
    return view.family() == family && kind;
  }

  private void openChosen(
      Family family,
      String chosen,
      boolean nothing,
      List<Rules.View> views,
      Map<Family, String> missing)
      throws IOException {
    try {
      Rules.View found = view(IptablesTools.open(family, options.withProgram(chosen)));
      if (nothing) {
        views.add(found);
      }
    } catch (IOException e) {
      missing.put(family, String.valueOf(e.getMessage()));
      if (missing.size() == Family.values().length) {
        throw e;
      }
    }
  }

  private static List<SavedRules> saved(List<Rules.View> views, boolean legacy) {
    return views.stream().filter(view -> view.isLegacy() == legacy).map(Rules.View::saved).toList();
  }

  /** A kind that is not installed or that this kernel refuses has nothing to show. */
  private void add(Family family, String program, List<Rules.View> views) {
    try {
      IptablesTools tool = IptablesTools.open(family, options.withProgram(program));
      boolean known =
          views.stream()
              .anyMatch(
                  view ->
                      view.family() == family
                          && view.version().variant() == tool.version().variant());
      if (!known) {
        views.add(view(tool));
      }
    } catch (IOException e) {
      return;
    }
  }

  private static Rules.View view(IptablesTools tool) throws IOException {
    return new Rules.View(tool.program(), tool.family(), tool.version(), tool.save());
  }

  private List<String> legacyTables() {
    TreeSet<String> tables = new TreeSet<>();
    for (String name : NAMES) {
      tables.addAll(legacyTables(name));
    }
    return List.copyOf(tables);
  }

  private List<String> legacyTables(String name) {
    try {
      return Files.readAllLines(network.resolve(name), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of(); // the kernel has none of that family
    }
  }
}
