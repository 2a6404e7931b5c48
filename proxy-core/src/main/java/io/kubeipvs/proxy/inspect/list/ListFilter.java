package io.kubeipvs.proxy.inspect.list;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.inspect.list.ServiceList.Server;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What of a list is asked for.
 *
 * @param namespace empty for all
 * @param service {@code web}, {@code default/web} or {@code default/web:http}; empty for all
 * @param address of an entrance or a server
 * @param port that goes with the address
 */
public record ListFilter(
    String namespace,
    String service,
    Optional<IpAddress> address,
    OptionalInt port,
    boolean onlyUnhealthy) {

  public boolean takes(Entrance entrance) {
    return (namespace.isEmpty() || namespace.equals(entrance.namespace()))
        && takesName(entrance)
        && (address.isEmpty() || takesAddress(entrance))
        && (!onlyUnhealthy || entrance.isUnhealthy());
  }

  private boolean takesName(Entrance entrance) {
    String qualified = entrance.namespace() + "/" + entrance.service();
    return service.isEmpty()
        || service.equals(entrance.service())
        || service.equals(qualified)
        || service.equals(entrance.service() + ":" + entrance.portName())
        || service.equals(qualified + ":" + entrance.portName());
  }

  private boolean takesAddress(Entrance entrance) {
    return (entrance.address().equals(address) && takesPort(entrance.port()))
        || entrance.servers().stream().anyMatch(this::takesServer);
  }

  private boolean takesServer(Server server) {
    return address.filter(server.address()::equals).isPresent() && takesPort(server.port());
  }

  private boolean takesPort(int other) {
    return port.isEmpty() || port.getAsInt() == other;
  }
}
