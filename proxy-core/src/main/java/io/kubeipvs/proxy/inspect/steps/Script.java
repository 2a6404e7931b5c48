package io.kubeipvs.proxy.inspect.steps;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.inspect.Words;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Steps as a shell takes them: each in its tool's own syntax, with its reason behind it as a
 * comment.
 */
public final class Script {
  private static final String END = "END_OF_RULES";

  /** What the tools' syntax is made of; in this no shell finds more than words. */
  private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9_.,:/@%=+ \\[\\]-]*");

  private final Map<AddressFamily, String> tools;

  /**
   * @param tools {@code iptables-nft}, {@code ip6tables-nft}: as they are called on that machine
   */
  public Script(Map<AddressFamily, String> tools) {
    this.tools = Map.copyOf(tools);
  }

  /** A line, or several where rules are written; without its end. */
  public String text(Step step) {
    String comment = "  # " + Words.plain(step.reason());
    if (step instanceof Step.Rules rules) {
      return command(rules) + " <<'" + END + "'" + comment + "\n" + rules.text() + END;
    }
    return command(step) + comment;
  }

  /** The command alone. Rules are what it reads. */
  public String command(Step step) {
    if (step instanceof Step.Rules rules) {
      return tool(rules.family()) + "-restore --noflush";
    }
    Operation operation = ((Step.Act) step).operation();
    String text = operation.toString();
    if (!WORDS.matcher(text).matches()) {
      return "false # not to be given to a shell: " + Words.plain(text);
    }
    if (operation instanceof Operation.ForgetFlows flows) {
      // The tool fails when there are none, which is no failure here.
      return text + untranslated(flows.filter()) + " || true";
    }
    return text;
  }

  /** The tool cannot be told whom to spare; what leads nowhere awaits the destination's answer. */
  private static String untranslated(FlowFilter flows) {
    return flows.spared().isEmpty()
        ? ""
        : flows.originalDestination().map(address -> " --reply-src " + address).orElse("");
  }

  private String tool(AddressFamily family) {
    return tools.getOrDefault(family, family == AddressFamily.IPV4 ? "iptables" : "ip6tables");
  }

  /** All of them, and remarks as comments behind them. */
  public String text(List<Step> steps, List<String> remarks) {
    StringBuilder text = new StringBuilder();
    steps.forEach(step -> text.append(text(step)).append('\n'));
    remarks.forEach(remark -> text.append("# ").append(Words.plain(remark)).append('\n'));
    return text.toString();
  }
}
