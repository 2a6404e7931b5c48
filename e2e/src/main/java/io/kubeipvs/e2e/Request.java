package io.kubeipvs.e2e;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What to ask and how: {@code times} requests to one address, the same number at a time in each of
 * {@code parallel} lines, {@code pause} apart. Each opens a connection (UDP: a socket) of its own
 * unless {@code keepingConnection}.
 *
 * @param times 0: until stopped
 * @param sourcePort 0: any
 * @param sourcePortStep from one request's source port to the next one's
 */
public record Request(
    Protocol protocol,
    IpAddress address,
    int port,
    int times,
    int parallel,
    Duration timeout,
    Duration pause,
    boolean keepingConnection,
    int sourcePort,
    int sourcePortStep) {

  /** One request, with a second of patience. */
  public static Request to(Protocol protocol, IpAddress address, int port) {
    return new Request(
        protocol, address, port, 1, 1, Duration.ofSeconds(1), Duration.ZERO, false, 0, 0);
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

  public Request times(int times) {
    return new Request(
        protocol,
        address,
        port,
        times,
        parallel,
        timeout,
        pause,
        keepingConnection,
        sourcePort,
        sourcePortStep);
  }

  public Request parallel(int parallel) {
    return new Request(
        protocol,
        address,
        port,
        times,
        parallel,
        timeout,
        pause,
        keepingConnection,
        sourcePort,
        sourcePortStep);
  }

  public Request within(Duration timeout) {
    return new Request(
        protocol,
        address,
        port,
        times,
        parallel,
        timeout,
        pause,
        keepingConnection,
        sourcePort,
        sourcePortStep);
  }

  public Request pausing(Duration pause) {
    return new Request(
        protocol,
        address,
        port,
        times,
        parallel,
        timeout,
        pause,
        keepingConnection,
        sourcePort,
        sourcePortStep);
  }

  /** All requests over one connection: with a pause, a transfer that trickles. */
  public Request overOneConnection() {
    return new Request(
        protocol, address, port, times, parallel, timeout, pause, true, sourcePort, sourcePortStep);
  }

  public Request fromPort(int sourcePort) {
    return new Request(
        protocol,
        address,
        port,
        times,
        parallel,
        timeout,
        pause,
        keepingConnection,
        sourcePort,
        sourcePortStep);
  }

  /**
   * Each request from a port of its own, this one and those that follow. Else a port may come up
   * twice, and IPVS sends what comes from it where it went before.
   */
  public Request fromPorts(int first) {
    return new Request(
        protocol, address, port, times, parallel, timeout, pause, keepingConnection, first, 1);
  }

  /** The arguments of agent.py's {@code requests}. */
  Map<String, Object> arguments() {
    Map<String, Object> arguments = new TreeMap<>();
    arguments.put("proto", protocol.lowerCaseName());
    arguments.put("addr", address);
    arguments.put("port", port);
    arguments.put("count", times);
    arguments.put("parallel", parallel);
    arguments.put("timeout", timeout.toMillis());
    arguments.put("interval", pause.toMillis());
    arguments.put("keep", keepingConnection ? 1 : 0);
    arguments.put("sport", sourcePort);
    arguments.put("sportstep", sourcePortStep);
    return arguments;
  }
}
