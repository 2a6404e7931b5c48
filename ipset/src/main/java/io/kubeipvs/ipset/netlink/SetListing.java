package io.kubeipvs.ipset.netlink;

import static io.kubeipvs.ipset.netlink.IpSetNumbers.*;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a dump of sets. The first message of a set has its header; the ones that
 * follow have its name and more entries:
 *
 * <pre>
 *  +-------------------+----------+---------+--------------------------------------------------
 *  | struct nfgenmsg   | PROTOCOL | SETNAME | TYPENAME, FAMILY, REVISION, DATA { header }, ADT?
 *  +-------------------+----------+---------+--------------------------------------------------
 *  | struct nfgenmsg   | PROTOCOL | SETNAME | ADT { DATA { entry }, DATA { entry }, ... }
 *  +-------------------+----------+---------+--------------------------------------------------
 * </pre>
 *
 * While a set is being dumped the kernel refuses to swap, rename or destroy it, so a name means one
 * set all through. Entries that come or go meanwhile may be missed or shown, as in any listing.
 */
final class SetListing {
  private final List<ObservedSet> finished = new ArrayList<>();
  private @Nullable SetHeader header;
  private @Nullable SetType type;
  private List<SetEntry> entries = List.of();

  private SetListing() {}

  static List<ObservedSet> of(List<NetlinkMessage> messages) throws MalformedMessageException {
    SetListing listing = new SetListing();
    for (NetlinkMessage message : messages) {
      listing.read(IpSetAnswers.attributes(message, IPSET_CMD_LIST));
    }
    listing.finish();
    return listing.finished;
  }

  private void read(AttributeReader attributes) throws MalformedMessageException {
    HeaderReader reader = new HeaderReader();
    AttributeReader members = null;
    while (attributes.next()) {
      if (attributes.type() == IPSET_ATTR_ADT) {
        members = attributes.nested();
      } else {
        reader.read(attributes);
      }
    }
    if (reader.isHeader()) {
      start(reader.toHeader());
    } else {
      checkContinues(reader.name());
    }
    if (members != null) {
      readEntries(members);
    }
  }

  private void start(SetHeader next) {
    finish();
    header = next;
    type = SetType.ofTypeName(next.typeName()).orElse(null);
    entries = new ArrayList<>(Math.min(Math.max(next.elements(), 0), 1 << 16));
  }

  private void checkContinues(SetName name) throws MalformedMessageException {
    if (header == null || !header.name().equals(name)) {
      throw new MalformedMessageException("entries of " + name + " without its header");
    }
  }

  private void readEntries(AttributeReader members) throws MalformedMessageException {
    while (members.next()) {
      if (members.type() == IPSET_ATTR_DATA && type != null) {
        SetEntry entry = EntryCodec.decode(type, members.nested());
        if (entry != null) {
          entries.add(entry);
        }
      }
    }
  }

  private void finish() {
    if (header != null) {
      finished.add(ObservedSet.of(header, entries));
      header = null;
    }
  }
}
