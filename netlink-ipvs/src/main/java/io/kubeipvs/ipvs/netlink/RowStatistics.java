package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.MalformedMessageException;

/**
 * The statistics of one service or server. Kernels send them twice, in any order: with 32-bit
 * counters that wrap, and with 64-bit ones, which win.
 */
final class RowStatistics {
  private Statistics value = Statistics.ZERO;
  private boolean wide;

  void takeNarrow(AttributeReader in) throws MalformedMessageException {
    if (!wide) {
      value = StatisticsCodec.decode(in.nested());
    }
  }

  void takeWide(AttributeReader in) throws MalformedMessageException {
    wide = true;
    value = StatisticsCodec.decode(in.nested());
  }

  /** All zero when the kernel sent none. */
  Statistics value() {
    return value;
  }
}
