package io.kubeipvs.e2e;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What to ask and how. Each request opens a connection (UDP: a socket) of its own, if not told
 * otherwise.
 *
 * @param options arguments of agent.py's {@code requests}, each at its default when missing
 */
public record Request(
    Protocol protocol, IpAddress address, int port, SortedMap<String, Object> options) {

  public Request {
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  /** One request; that a SYN was lost is a failure, if it is not told how long to wait. */
  public static Request to(Protocol protocol, IpAddress address, int port) {
    return new Request(protocol, address, port, new TreeMap<>());
  }

  public static Request tcp(IpAddress address, int port) {
    return to(Protocol.TCP, address, port);
  }

  public static Request udp(IpAddress address, int port) {
    return to(Protocol.UDP, address, port);
  }

  public static Request sctp(IpAddress address, int port) {
    return to(Protocol.SCTP, address, port);
  }

  /** So many in all; 0: until stopped. */
  public Request times(int times) {
    return with("count", times);
  }

  /** The same number at a time in each of so many lines. */
  public Request parallel(int parallel) {
    return with("parallel", parallel);
  }

  public Request within(Duration timeout) {
    return with("timeout", timeout.toMillis());
  }

  /** So long between two of a line. */
  public Request pausing(Duration pause) {
    return with("interval", pause.toMillis());
  }

  /** All requests over one connection: with a pause, a transfer that trickles. */
  public Request overOneConnection() {
    return with("keep", 1);
  }

  /** Connections are torn down, not closed: IPVS forgets them after 10 s, not 120. */
  public Request endingByReset() {
    return with("reset", 1);
  }

  public Request fromPort(int sourcePort) {
    return with("sport", sourcePort).with("sportstep", 0);
  }

  /**
   * Each request from a port of its own, this one and those that follow. Else a port may come up
   * twice, and IPVS sends what comes from it where it went before.
   */
  public Request fromPorts(int first) {
    return with("sport", first).with("sportstep", 1);
  }

  private Request with(String option, Object value) {
    SortedMap<String, Object> changed = new TreeMap<>(options);
    changed.put(option, value);
    return new Request(protocol, address, port, changed);
  }

  Map<String, Object> arguments() {
    Map<String, Object> arguments = new TreeMap<>(options);
    arguments.put("proto", protocol.lowerCaseName());
    arguments.put("addr", address);
    arguments.put("port", port);
    return arguments;
  }
}
