package io.kubeipvs.iptables;

/** Which of the two rule worlds: {@code iptables} or {@code ip6tables}. */
public enum Family {
  IPV4("iptables", 32, "255.255.255.255", "icmp-port-unreachable"),
  IPV6("ip6tables", 128, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "icmp6-port-unreachable");

  private final String toolName;
  private final int addressBits;
  private final String hostMask;
  private final String portUnreachable;

  Family(String toolName, int addressBits, String hostMask, String portUnreachable) {
    this.toolName = toolName;
    this.addressBits = addressBits;
    this.hostMask = hostMask;
    this.portUnreachable = portUnreachable;
  }

  /** {@code iptables} or {@code ip6tables}: the beginning of every tool's name. */
  public String toolName() {
    return toolName;
  }

  int addressBits() {
    return addressBits;
  }

  /** The mask of one host, in the form the {@code recent} match prints. */
  String hostMask() {
    return hostMask;
  }

  /** What {@code REJECT} answers when it is not told. */
  String portUnreachable() {
    return portUnreachable;
  }
}
