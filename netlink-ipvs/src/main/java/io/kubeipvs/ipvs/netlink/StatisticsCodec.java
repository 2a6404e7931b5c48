package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.MalformedMessageException;

/**
 * Reads the attributes inside {@code IPVS_SVC_ATTR_STATS}, {@code IPVS_DEST_ATTR_STATS} (32 bits,
 * but for the bytes) and their {@code STATS64} twins (64 bits throughout).
 */
final class StatisticsCodec {
  // linux/ip_vs.h
  private static final int IPVS_STATS_ATTR_CONNS = 1;
  private static final int IPVS_STATS_ATTR_OUTBPS = 10;

  private StatisticsCodec() {}

  static Statistics decode(AttributeReader attributes) throws MalformedMessageException {
    long[] values = new long[IPVS_STATS_ATTR_OUTBPS + 1];
    while (attributes.next()) {
      int type = attributes.type();
      if (type >= IPVS_STATS_ATTR_CONNS && type <= IPVS_STATS_ATTR_OUTBPS) {
        values[type] = number(attributes);
      }
    }
    return new Statistics(
        values[1],
        values[2],
        values[3],
        values[4],
        values[5],
        values[6],
        values[7],
        values[8],
        values[9],
        values[10]);
  }

  private static long number(AttributeReader attribute) throws MalformedMessageException {
    return attribute.length() == 8 ? attribute.u64() : Integer.toUnsignedLong(attribute.u32());
  }
}
