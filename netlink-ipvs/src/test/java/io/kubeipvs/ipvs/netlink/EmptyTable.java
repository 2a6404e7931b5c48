package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.netlink.NetlinkTrace;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The kernel's table, empty before each test and after it. */
final class EmptyTable implements BeforeEachCallback, AfterEachCallback {
  private @Nullable NetlinkIpvs ipvs;

  NetlinkIpvs ipvs() {
    if (ipvs == null) {
      throw new IllegalStateException("between tests");
    }
    return ipvs;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    ipvs = NetlinkIpvs.open(NetlinkTrace.NONE);
    ipvs.flush();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    ipvs().flush();
    ipvs().close();
  }
}
