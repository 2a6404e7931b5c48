package io.kubeipvs.netlink;

/** Takes the messages of a dump one by one, so that a large table need not be held as messages. */
public interface DumpReader {
  void read(NetlinkMessage message) throws MalformedMessageException;
}
