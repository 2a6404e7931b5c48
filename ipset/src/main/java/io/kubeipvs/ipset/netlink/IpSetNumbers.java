package io.kubeipvs.ipset.netlink;

/** {@code linux/netfilter/ipset/ip_set.h}, in its order; what we do not use is left out. */
final class IpSetNumbers {
  /** {@code linux/netfilter/nfnetlink.h}: the upper byte of every message type. */
  static final int NFNL_SUBSYS_IPSET = 6;

  /** {@code struct nfgenmsg}: family, version, resource id. */
  static final int NFGENMSG_LENGTH = 4;

  static final int NFPROTO_UNSPEC = 0;
  static final int NFPROTO_IPV4 = 2;
  static final int NFPROTO_IPV6 = 10;

  static final int IPSET_PROTOCOL = 7;
  static final int IPSET_PROTOCOL_MIN = 6;

  // enum ipset_cmd
  static final int IPSET_CMD_PROTOCOL = 1;
  static final int IPSET_CMD_CREATE = 2;
  static final int IPSET_CMD_DESTROY = 3;
  static final int IPSET_CMD_FLUSH = 4;
  static final int IPSET_CMD_RENAME = 5;
  static final int IPSET_CMD_SWAP = 6;
  static final int IPSET_CMD_LIST = 7;
  static final int IPSET_CMD_ADD = 9;
  static final int IPSET_CMD_DEL = 10;
  static final int IPSET_CMD_TYPE = 13;

  // Attributes at command level
  static final int IPSET_ATTR_PROTOCOL = 1;
  static final int IPSET_ATTR_SETNAME = 2;
  static final int IPSET_ATTR_TYPENAME = 3;
  static final int IPSET_ATTR_SETNAME2 = IPSET_ATTR_TYPENAME;
  static final int IPSET_ATTR_REVISION = 4;
  static final int IPSET_ATTR_FAMILY = 5;
  static final int IPSET_ATTR_FLAGS = 6;
  static final int IPSET_ATTR_DATA = 7;
  static final int IPSET_ATTR_ADT = 8;
  static final int IPSET_ATTR_LINENO = 9;
  static final int IPSET_ATTR_PROTOCOL_MIN = 10;
  static final int IPSET_ATTR_REVISION_MIN = IPSET_ATTR_PROTOCOL_MIN;

  // CADT specific attributes: of create, add, delete and test
  static final int IPSET_ATTR_IP = 1;
  static final int IPSET_ATTR_PORT = 4;
  static final int IPSET_ATTR_PORT_TO = 5;
  static final int IPSET_ATTR_TIMEOUT = 6;
  static final int IPSET_ATTR_PROTO = 7;
  static final int IPSET_ATTR_CADT_FLAGS = 8;

  /** Of create and add both, whatever the type. */
  static final int IPSET_ATTR_MARKMASK = 11;

  /** Since 6.3. */
  static final int IPSET_ATTR_BITMASK = 12;

  // Create-only specific attributes
  static final int IPSET_ATTR_HASHSIZE = 18;
  static final int IPSET_ATTR_MAXELEM = 19;
  static final int IPSET_ATTR_NETMASK = 20;
  static final int IPSET_ATTR_ELEMENTS = 24;
  static final int IPSET_ATTR_REFERENCES = 25;

  // ADT specific attributes: of add, delete and test; the numbers overlap the ones above
  static final int IPSET_ATTR_IP2 = 20;
  static final int IPSET_ATTR_CIDR2 = 21;

  // IP specific attributes
  static final int IPSET_ATTR_IPADDR_IPV4 = 1;
  static final int IPSET_ATTR_IPADDR_IPV6 = 2;

  // enum ipset_cmd_flags
  static final int IPSET_FLAG_LIST_HEADER = 1 << 2;

  // enum ipset_cadt_flags
  static final int IPSET_FLAG_NOMATCH = 1 << 2;

  private IpSetNumbers() {}
}
