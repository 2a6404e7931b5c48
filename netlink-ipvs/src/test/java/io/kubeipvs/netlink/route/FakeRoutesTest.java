package io.kubeipvs.netlink.route;

final class FakeRoutesTest implements RoutesContract {
  private final FakeRoutes routes = new FakeRoutes();

  @Override
  public Routes routes() {
    return routes;
  }
}
