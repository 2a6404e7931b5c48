package io.kubeipvs.e2e;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A place with addresses that traffic comes from and goes to. */
public sealed interface Host permits Node, Pod, Client {
  Namespace namespace();

  Addresses addresses();

  default String name() {
    return namespace().name();
  }

  default IpAddress v4() {
    return addresses().v4();
  }

  default IpAddress v6() {
    return addresses().v6();
  }

  /** Serves on both addresses; answers are this host's name. */
  default void listen(Protocol protocol, int port) {
    listen(protocol, v4(), port);
    listen(protocol, v6(), port);
  }

  default void listen(Protocol protocol, IpAddress address, int port) {
    namespace().listen(protocol, address, port, name());
  }

  /** Closes the servers of {@link #listen(Protocol, int)} and the connections they accepted. */
  default void stopListening(Protocol protocol, int port) {
    namespace().stopListening(protocol, v4(), port);
    namespace().stopListening(protocol, v6(), port);
  }

  /** As servers do that are told to end: no new connections; those they have they serve. */
  default void stopAccepting(Protocol protocol, int port) {
    namespace().stopAccepting(protocol, v4(), port);
    namespace().stopAccepting(protocol, v6(), port);
  }

  /** Sends requests and waits for what comes of them. */
  default Answers request(Request request) {
    return start(request).done();
  }

  /** Begins requests in the background. */
  default Load start(Request request) {
    boolean sctp = request.protocol().equals(Protocol.SCTP);
    // SCTP else offers every address of the host to the other side, and those are not translated.
    IpAddress own = addresses().of(request.address().family());
    return namespace().start(request, sctp ? Optional.of(own) : Optional.empty());
  }

  /** ICMP echo requests. */
  default Answers ping(IpAddress address, int times) {
    return namespace().ping(address, times);
  }

  /** Runs a command in the namespace, to its end. */
  default Output run(String... command) {
    return runReading("", command);
  }

  /** Runs a command in the namespace that reads {@code stdin}. */
  default Output runReading(String stdin, String... command) {
    return Output.run(namespace().command(List.of(command)), stdin, Duration.ofMinutes(2));
  }

  /** Sets a kernel setting of the namespace: {@code net/ipv4/ip_forward}. */
  default void sysctl(String key, int value) {
    namespace().sysctl(key, value);
  }
}
