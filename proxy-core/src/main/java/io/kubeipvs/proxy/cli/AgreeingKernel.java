package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.apply.Kernel;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A kernel in which nothing is and which takes everything. It remembers nothing. */
final class AgreeingKernel {
  private static final Link DEVICE = new Link(1, Wiring.DEVICE, "dummy", true);

  private AgreeingKernel() {}

  static Kernel open() {
    return new Kernel(
        agreeing(Ipvs.class),
        agreeing(IpSets.class),
        agreeing(Routes.class),
        agreeing(Conntrack.class),
        Map.of(
            AddressFamily.IPV4, new AgreeingRules(Family.IPV4),
            AddressFamily.IPV6, new AgreeingRules(Family.IPV6)));
  }

  private static <T> T agreeing(Class<T> part) {
    return part.cast(
        Proxy.newProxyInstance(
            part.getClassLoader(),
            new Class<?>[] {part},
            (proxy, method, arguments) -> answer(method)));
  }

  /** No failure, nothing found; the device is there. */
  private static @Nullable Object answer(Method method) {
    Class<?> type = method.getReturnType();
    if (type == List.class) {
      return List.of();
    }
    if (type == Optional.class) {
      return method.getName().equals("link") ? Optional.of(DEVICE) : Optional.empty();
    }
    if (type == Link.class) {
      return DEVICE;
    }
    return type == int.class ? 0 : null;
  }

  /** Text is made and read as it would be for the tools. */
  private record AgreeingRules(Family family) implements Iptables {
    private static final String SOMEBODYS =
        """
        *filter
        :INPUT ACCEPT [0:0]
        -A INPUT -p tcp -m comment --comment "somebody's" -m tcp --dport 22 -j ACCEPT
        COMMIT
        """;

    @Override
    public SavedRules save() throws IOException {
      return SavedRules.parse(SOMEBODYS);
    }

    @Override
    public void restore(Restore restore) throws IOException {
      if (restore.text().isEmpty()) {
        throw new IOException("an empty restore");
      }
    }
  }
}
