package io.kubeipvs.proxy.inspect.rules;

import io.kubeipvs.iptables.SavedRule;
import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Place;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What single rules of Services say. */
public final class RuleWords {
  /** In chains for what comes from outside. */
  private static final Pattern WITHIN =
      Pattern.compile("^(?:pod|masquerade|route|other)(?: LOCAL)? traffic (?:for|to) (\\S+)");

  private RuleWords() {}

  /**
   * Whose it is, by its comment, which kube-proxy and we write: {@code default/web:http}. Only the
   * names of Services' ports have a stroke in them.
   */
  public static String owner(SavedRule rule) {
    String comment = rule.comment();
    Matcher within = WITHIN.matcher(comment);
    String name = within.find() ? within.group(1) : comment.split(" ", 2)[0];
    return name.indexOf('/') > 0 ? name : "";
  }

  /** Where packets are sent that it is for; empty for one that is not for one port. */
  public static Optional<Place> place(AddressFamily family, SavedRule rule) {
    Optional<Protocol> protocol = Optional.empty();
    Optional<IpAddress> address = Optional.empty();
    int port = 0;
    for (Part part : rule.parts()) {
      for (RuleOption option : part.options()) {
        switch (option.name()) {
          case "-p" -> protocol = Protocol.ofName(option.value().toUpperCase(Locale.ROOT));
          case "-d" -> address = address(option.value());
          case "--dport" -> port = port(option.value());
          default -> {} // where packets come from, comments, kinds of addresses
        }
      }
    }
    return protocol.isEmpty() || port == 0
        ? Optional.empty()
        : Optional.of(new Place(family, protocol.get(), address, port));
  }

  private static Optional<IpAddress> address(String text) {
    return IpPrefix.parse(text).map(IpPrefix::network).or(() -> IpAddress.parse(text));
  }

  private static int port(String text) {
    return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
  }
}
