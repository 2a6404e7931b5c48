package io.kubeipvs.ipset.netlink;

import static io.kubeipvs.ipset.netlink.IpSetNumbers.*;

import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.MalformedMessageException;

/** Collects what one message of a dump says of its set. Numbers in it are in network order. */
final class HeaderReader {
  private static final int UNKNOWN = -1;

  private String name = "";
  private String typeName = "";
  private int revision;
  private int family;
  private int maximumElements;
  private int firstPort;
  private int lastPort;
  private int extensions;
  private int timeoutSeconds = UNKNOWN;
  private int references;
  private int elements = UNKNOWN;

  void read(AttributeReader attribute) throws MalformedMessageException {
    switch (attribute.type()) {
      case IPSET_ATTR_SETNAME -> name = attribute.string();
      case IPSET_ATTR_TYPENAME -> typeName = attribute.string();
      case IPSET_ATTR_REVISION -> revision = attribute.u8();
      case IPSET_ATTR_FAMILY -> family = attribute.u8();
      case IPSET_ATTR_DATA -> readData(attribute.nested());
      default -> {}
    }
  }

  private void readData(AttributeReader data) throws MalformedMessageException {
    while (data.next()) {
      switch (data.type()) {
        case IPSET_ATTR_PORT -> firstPort = data.port();
        case IPSET_ATTR_PORT_TO -> lastPort = data.port();
        case IPSET_ATTR_TIMEOUT -> timeoutSeconds = data.u32be();
        case IPSET_ATTR_CADT_FLAGS -> extensions |= data.u32be();
        case IPSET_ATTR_MAXELEM -> maximumElements = data.u32be();
        case IPSET_ATTR_MARKMASK, IPSET_ATTR_BITMASK, IPSET_ATTR_NETMASK ->
            extensions |= SetHeader.MASKED;
        case IPSET_ATTR_REFERENCES -> references = data.u32be();
        case IPSET_ATTR_ELEMENTS -> elements = data.u32be();
        default -> {}
      }
    }
  }

  /** Whether this was the first message of its set. */
  boolean isHeader() {
    return !typeName.isEmpty();
  }

  /**
   * A name that is not UTF-8 (the kernel takes any bytes) gets question marks: it is nobody's we
   * know, and must not spoil the listing of the others.
   */
  SetName name() throws MalformedMessageException {
    try {
      return new SetName(name.replace('\uFFFD', '?'));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("a set's name of wrong length: '" + name + "'");
    }
  }

  SetHeader toHeader() throws MalformedMessageException {
    return new SetHeader(
        name(),
        typeName,
        revision,
        family == NFPROTO_IPV6 ? AddressFamily.IPV6 : AddressFamily.IPV4,
        maximumElements,
        firstPort,
        lastPort,
        extensions,
        timeoutSeconds,
        references,
        elements);
  }
}
