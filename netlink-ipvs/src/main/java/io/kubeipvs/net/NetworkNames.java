package io.kubeipvs.net;

import java.util.Optional;
import java.util.OptionalInt;

/** Names of hosts and ports, as the machine's resolver and {@code /etc/services} have them. */
public interface NetworkNames {
  /** Nobody is asked: everything is numeric. */
  NetworkNames NONE =
      new NetworkNames() {
        @Override
        public Optional<String> host(IpAddress address) {
          return Optional.empty();
        }

        @Override
        public Optional<String> service(int port, Protocol protocol) {
          return Optional.empty();
        }

        @Override
        public Optional<IpAddress> address(String host) {
          return Optional.empty();
        }

        @Override
        public OptionalInt port(String service, Protocol protocol) {
          return OptionalInt.empty();
        }
      };

  Optional<String> host(IpAddress address);

  Optional<String> service(int port, Protocol protocol);

  /** Of IPv4 only: the tool asks for no other. */
  Optional<IpAddress> address(String host);

  OptionalInt port(String service, Protocol protocol);
}
