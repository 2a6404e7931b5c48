package io.kubeipvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A trace of {@code --netlink-trace}: which requests in it change something. */
record NetlinkWrites(List<String> requests) {
  private static final int GENERIC_CONTROL = 16; // linux/genetlink.h: GENL_ID_CTRL
  private static final int CONNTRACK = 1;
  private static final int IPSET = 6;

  private static final int IPVS_GET_SERVICE = 4;

  /** linux/ip_vs.h: the commands that only read are GET_SERVICE, _DEST, _DAEMON, _CONFIG, _INFO. */
  private static final Set<Integer> IPVS_READS = Set.of(4, 8, 11, 13, 15);

  /** linux/netfilter/ipset/ip_set.h: PROTOCOL, LIST, SAVE, TEST, HEADER, TYPE, GET_BYNAME. */
  private static final Set<Integer> IPSET_READS = Set.of(1, 7, 8, 11, 12, 13, 14, 15);

  /** linux/netfilter/nfnetlink_conntrack.h: GET, GET_CTRZERO apart, GET_STATS_CPU, GET_STATS. */
  private static final Set<Integer> CONNTRACK_READS = Set.of(1, 4, 5);

  static NetlinkWrites of(Path trace) {
    try {
      List<String> lines = Files.exists(trace) ? Files.readAllLines(trace) : List.of();
      return new NetlinkWrites(lines.stream().filter(line -> line.startsWith("> ")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The requests that came after these. */
  NetlinkWrites since(NetlinkWrites earlier) {
    return new NetlinkWrites(requests.subList(earlier.requests.size(), requests.size()));
  }

  List<String> writes() {
    return requests.stream().filter(NetlinkWrites::isWrite).toList();
  }

  /** How often the whole kernel was looked at: each look begins with a dump of the services. */
  long looks() {
    return requests.stream().filter(NetlinkWrites::beginsALook).count();
  }

  private static boolean beginsALook(String line) {
    return line.startsWith("> generic ")
        && number(line, "cmd") == IPVS_GET_SERVICE
        && line.contains("DUMP");
  }

  /** {@code > generic 28 cmd 1 flags ...}, {@code > route 24 RTM_NEWROUTE flags ...}. */
  private static boolean isWrite(String line) {
    String[] words = line.split(" ", -1);
    return switch (words[1]) {
      case "generic" ->
          Integer.parseInt(words[2]) != GENERIC_CONTROL
              && !IPVS_READS.contains(number(line, "cmd"));
      case "netfilter" -> isNetfilterWrite(number(line, "subsys"), number(line, "cmd"));
      case "route" -> !words[3].startsWith("RTM_GET");
      default -> true;
    };
  }

  private static boolean isNetfilterWrite(int subsystem, int command) {
    return switch (subsystem) {
      case IPSET -> !IPSET_READS.contains(command);
      case CONNTRACK -> !CONNTRACK_READS.contains(command);
      default -> true;
    };
  }

  private static int number(String line, String word) {
    int start = line.indexOf(" " + word + " ") + word.length() + 2;
    return Integer.parseInt(line.substring(start, line.indexOf(' ', start)));
  }
}
