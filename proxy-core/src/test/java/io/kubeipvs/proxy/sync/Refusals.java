package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetFailure;
import io.kubeipvs.ipvs.CommandFailure;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.netlink.route.RouteFailure;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.apply.Kernel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** A kernel that, when told to, refuses one command of each batch for want of memory. */
final class Refusals {
  private final Random random;
  private boolean armed;

  Refusals(Random random) {
    this.random = random;
  }

  void arm(boolean whether) {
    armed = whether;
  }

  Kernel of(Kernel kernel) {
    return new Kernel(
        wrap(Ipvs.class, kernel.ipvs(), c -> new CommandFailure((IpvsCommand) c, refusal(c))),
        wrap(IpSets.class, kernel.sets(), c -> new SetFailure((SetCommand) c, refusal(c))),
        wrap(Routes.class, kernel.routes(), c -> new RouteFailure((RouteCommand) c, refusal(c))),
        kernel.conntrack(),
        kernel.iptables());
  }

  private static NetlinkException refusal(Object command) {
    return new NetlinkException(command.toString(), Errno.ENOMEM, "as the test wants it");
  }

  private <T> T wrap(Class<T> type, T gateway, Function<Object, Object> failure) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object victim = null;
              if (armed && method.getName().equals("execute")) {
                List<Object> commands = new ArrayList<>((List<?>) arguments[0]);
                victim = commands.remove(random.nextInt(commands.size()));
                arguments = new Object[] {commands};
              }
              try {
                Object answer = method.invoke(gateway, arguments);
                return victim == null ? answer : with((List<?>) answer, failure.apply(victim));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static List<Object> with(List<?> failures, Object one) {
    List<Object> all = new ArrayList<>(failures);
    all.add(one);
    return all;
  }
}
