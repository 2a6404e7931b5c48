package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.explain.MarkConditions.Masked;
import java.util.Optional;
import java.util.Set;

/** What targets do to a packet. */
final class Targets {
  /** They count, log, or change what no rule and no route asks for. */
  private static final Set<String> HARMLESS =
      Set.of(
          "LOG",
          "NFLOG",
          "ULOG",
          "TRACE",
          "TCPMSS",
          "CHECKSUM",
          "CLASSIFY",
          "DSCP",
          "TOS",
          "TTL",
          "HL",
          "SET",
          "AUDIT",
          "LED",
          "RATEEST",
          "SECMARK",
          "CONNSECMARK");

  private final MasqueradeAddress masquerade;
  private final Router router;

  Targets(MasqueradeAddress masquerade, Router router) {
    this.masquerade = masquerade;
    this.router = router;
  }

  /**
   * @param what in words; empty where nothing worth mentioning happens
   * @param isFinal whether the table has nothing more to say
   */
  record Effect(Branch branch, String what, boolean isFinal) {
    static Effect none(Branch branch) {
      return new Effect(branch, "", false);
    }
  }

  Effect apply(SavedRule rule, Branch branch, String by) {
    String target = rule.target().orElse("");
    return switch (target) {
      case "" -> Effect.none(branch);
      case "ACCEPT" -> new Effect(branch, "accepted", true);
      case "DROP" -> new Effect(branch.ending(new Fate.Dropped(by)), "dropped", true);
      case "REJECT" -> reject(rule, branch, by);
      case "MARK" -> mark(rule, branch);
      case "MASQUERADE" -> masquerade(branch, by);
      case "SNAT" -> sourceNat(rule, branch, by);
      case "DNAT" -> destinationNat(rule, branch);
      case "REDIRECT" -> redirect(rule, branch);
      case "NOTRACK" -> untracked(branch);
      case "CT" ->
          rule.targetOption("--notrack").isPresent() ? untracked(branch) : Effect.none(branch);
      default -> other(target, branch);
    };
  }

  private static Effect other(String target, Branch branch) {
    if (HARMLESS.contains(target)) {
      return Effect.none(branch);
    }
    Fate fate = new Fate.Unknown("what the target " + target + " does");
    return new Effect(branch.ending(fate), "given to " + target, true);
  }

  private static Effect reject(SavedRule rule, Branch branch, String by) {
    String with = rule.targetOption("--reject-with").map(RuleOption::value).orElse("");
    String answer = with.equals("tcp-reset") ? "TCP reset" : "ICMP " + icmp(with);
    return new Effect(branch.ending(new Fate.Refused(answer, by)), "refused with " + answer, true);
  }

  private static String icmp(String with) {
    return with.isEmpty()
        ? "port unreachable"
        : with.replaceFirst("^icmp6?-", "").replaceFirst("^adm-", "admin-").replace('-', ' ');
  }

  private static Effect mark(SavedRule rule, Branch branch) {
    for (RuleOption option : rule.targetOptions()) {
      Optional<Masked> value = Masked.parse(option.value());
      if (option.name().equals("--set-xmark") && value.isPresent()) {
        int old = branch.packet().mark();
        int changed = (old & ~value.get().mask()) ^ value.get().value();
        String what = "mark 0x" + Integer.toHexString(changed);
        return new Effect(branch.with(branch.packet().marked(changed)), what, false);
      }
    }
    return Effect.none(branch.doubting("what \"" + rule.text() + "\" does to the mark"));
  }

  private Effect masquerade(Branch branch, String by) {
    Packet packet = branch.packet();
    Optional<IpAddress> source = masquerade.choose(branch);
    Packet changed = packet.translatedFrom(source.orElse(packet.source()));
    String what = "masqueraded" + source.map(address -> " as " + address).orElse("");
    return new Effect(branch.masqueraded(new Branch.Masquerade(source, by), changed), what, true);
  }

  private static Effect sourceNat(SavedRule rule, Branch branch, String by) {
    String to = rule.targetOption("--to-source").map(RuleOption::value).orElse("");
    Optional<IpAddress> source = Endpoint.parse(to).flatMap(Endpoint::address);
    Packet changed = branch.packet().translatedFrom(source.orElse(branch.packet().source()));
    return new Effect(
        branch.masqueraded(new Branch.Masquerade(source, by), changed),
        "its source becomes " + to,
        true);
  }

  private static Effect destinationNat(SavedRule rule, Branch branch) {
    String to = rule.targetOption("--to-destination").map(RuleOption::value).orElse("");
    Optional<Endpoint> parsed = Endpoint.parse(to);
    if (parsed.isEmpty()) {
      return new Effect(
          branch.ending(new Fate.Unknown("where \"" + to + "\" leads")), "sent to " + to, true);
    }
    Packet packet = branch.packet();
    IpAddress address = parsed.get().address().orElse(packet.destination());
    int port = parsed.get().port() == 0 ? packet.port() : parsed.get().port();
    return new Effect(
        branch.with(packet.translatedTo(address, port)),
        "its destination becomes " + address.withPort(port),
        true);
  }

  /** To this host: what comes in, by the first address of the device it came by. */
  private Effect redirect(SavedRule rule, Branch branch) {
    Packet packet = branch.packet();
    String ports = rule.targetOption("--to-ports").map(RuleOption::value).orElse("");
    int port = ports.matches("[0-9]{1,5}") ? Integer.parseInt(ports) : packet.port();
    Optional<IpAddress> own =
        packet.in().isEmpty()
            ? Optional.of(loopback(packet))
            : masquerade.firstAddress(packet.in(), packet.family());
    if (own.isEmpty() || !router.isLocal(own.get())) {
      return new Effect(
          branch.ending(new Fate.Unknown("where REDIRECT leads")), "redirected", true);
    }
    return new Effect(
        branch.with(packet.translatedTo(own.get(), port)),
        "redirected to " + own.get().withPort(port),
        true);
  }

  private static IpAddress loopback(Packet packet) {
    return IpAddress.of(
        switch (packet.family()) {
          case IPV4 -> "127.0.0.1";
          case IPV6 -> "::1";
        });
  }

  private static Effect untracked(Branch branch) {
    Packet packet = branch.packet().in(Packet.State.UNTRACKED);
    return new Effect(branch.with(packet), "not tracked", false);
  }

  /**
   * An address, a port, or both, as rules write them.
   *
   * @param port 0 where none is given
   */
  private record Endpoint(Optional<IpAddress> address, int port) {

    /** Empty for a range, which is for the kernel to choose from. */
    static Optional<Endpoint> parse(String text) {
      Optional<IpAddress> whole = IpAddress.parse(text);
      if (whole.isPresent()) {
        return Optional.of(new Endpoint(whole, 0));
      }
      int colon = text.lastIndexOf(':');
      String port = text.substring(colon + 1);
      if (colon < 0 || !port.matches("[0-9]{1,5}")) {
        return Optional.empty();
      }
      String address = text.substring(0, colon).replaceAll("^\\[|\\]$", "");
      Optional<IpAddress> parsed = IpAddress.parse(address);
      boolean fits = address.isEmpty() || parsed.isPresent();
      return fits ? Optional.of(new Endpoint(parsed, Integer.parseInt(port))) : Optional.empty();
    }
  }
}
