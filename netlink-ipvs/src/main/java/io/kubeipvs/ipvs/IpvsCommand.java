package io.kubeipvs.ipvs;

/**
 * A request that changes the table, as a value: it can be compared, printed (in {@code ipvsadm}'s
 * own syntax), kept in order with others and sent in one batch.
 */
public sealed interface IpvsCommand {

  /** The service it changes, or whose server it changes. */
  ServiceKey key();

  /** In the kernel's words: {@code IPVS NEW_DEST TCP 10.96.0.10:80 -> 10.1.0.1:80}. */
  String request();

  /** {@code ipvsadm -A}. The kernel refuses a key that exists. */
  record AddService(VirtualService service) implements IpvsCommand {
    @Override
    public ServiceKey key() {
      return service.key();
    }

    @Override
    public String request() {
      return "IPVS NEW_SERVICE " + key();
    }

    @Override
    public String toString() {
      return "-A " + IpvsadmText.service(service);
    }
  }

  /** {@code ipvsadm -E}: in place, connections are kept. The kernel refuses an unknown key. */
  record UpdateService(VirtualService service) implements IpvsCommand {
    @Override
    public ServiceKey key() {
      return service.key();
    }

    @Override
    public String request() {
      return "IPVS SET_SERVICE " + key();
    }

    @Override
    public String toString() {
      return "-E " + IpvsadmText.service(service);
    }
  }

  /** {@code ipvsadm -D}: with all its servers. The kernel refuses an unknown key. */
  record DeleteService(ServiceKey key) implements IpvsCommand {
    @Override
    public String request() {
      return "IPVS DEL_SERVICE " + key;
    }

    @Override
    public String toString() {
      return "-D " + IpvsadmText.key(key);
    }
  }

  /** {@code ipvsadm -a}. The kernel refuses a server that exists. */
  record AddServer(ServiceKey key, RealServer server) implements IpvsCommand {
    @Override
    public String request() {
      return "IPVS NEW_DEST " + key + " -> " + server.key();
    }

    @Override
    public String toString() {
      return "-a " + IpvsadmText.server(key, server);
    }
  }

  /** {@code ipvsadm -e}: in place, connections are kept. The kernel refuses an unknown server. */
  record UpdateServer(ServiceKey key, RealServer server) implements IpvsCommand {
    @Override
    public String request() {
      return "IPVS SET_DEST " + key + " -> " + server.key();
    }

    @Override
    public String toString() {
      return "-e " + IpvsadmText.server(key, server);
    }
  }

  /** {@code ipvsadm -d}: established connections to it break. */
  record DeleteServer(ServiceKey key, ServerKey server) implements IpvsCommand {
    @Override
    public String request() {
      return "IPVS DEL_DEST " + key + " -> " + server;
    }

    @Override
    public String toString() {
      return "-d " + IpvsadmText.key(key) + " -r " + server;
    }
  }
}
