package io.kubeipvs.proxy;

import io.kubeipvs.proxy.sync.SyncReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Reports of syncs, for those who listen. */
public final class Reports {
  public static final SyncReport NOTHING =
      new SyncReport(false, 0, List.of(), List.of(), List.of(), Map.of(), 0, Duration.ofMillis(1));

  private Reports() {}
}
