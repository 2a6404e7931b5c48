package io.kubeipvs.proxy.model;

final class Ports {
  private Ports() {}

  static void check(int port, int lowest) {
    if (port < lowest || port > 0xffff) {
      throw new IllegalArgumentException("port " + port + " is not in " + lowest + "..65535");
    }
  }
}
