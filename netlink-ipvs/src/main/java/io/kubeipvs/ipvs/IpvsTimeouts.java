package io.kubeipvs.ipvs;

/** Connection timeouts in seconds, as {@code ipvsadm --set} takes them; 0 keeps what is set. */
public record IpvsTimeouts(int tcpSeconds, int tcpFinSeconds, int udpSeconds) {}
