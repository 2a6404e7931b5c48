package io.kubeipvs.proxy.source.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code ClusterApi SERVICES ENDPOINTS PORT-FILE}: a stand-in with a cluster of that size. A number
 * on standard input has it change so many slices, one endpoint each, and say so when it is done.
 */
public final class ClusterApi {
  /** As many pods as a large cluster starts in a second, ten times over. */
  private static final int CHANGES_PER_SECOND = 2_000;

  private static final int STEP = 50;
  private static final int NODES = 1_000;

  /** As the controller of EndpointSlices writes them. */
  private static final String SLICE =
      """
      {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"%s-abcde",\
      "generateName":"%s-","namespace":"default","uid":"00000000-0000-4000-8000-%012d",\
      "generation":2,"creationTimestamp":"2026-01-01T00:00:00Z","annotations":\
      {"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-01T00:00:00Z"},\
      "ownerReferences":[{"apiVersion":"v1","kind":"Service","name":"%d","controller":true}],\
      "labels":{"kubernetes.io/service-name":"%s","endpointslice.kubernetes.io/managed-by":\
      "endpointslice-controller.k8s.io"}},"addressType":"IPv4",\
      "ports":[{"name":"http","protocol":"TCP","port":8080}],"endpoints":[%s]}""";

  private static final String ENDPOINT =
      """
      {"addresses":["10.%d.%d.%d"],"conditions":{"ready":true,"serving":true,"terminating":false},\
      "nodeName":"node%d","zone":"zone-%d","targetRef":{"kind":"Pod","namespace":"default",\
      "name":"pod-%d","uid":"10000000-0000-4000-8000-%012d"}}""";

  /** A slice's endpoints come from so many addresses of its own. */
  private static final int ADDRESSES = 32;

  private final ApiStandIn api;
  private final int services;
  private final int endpoints;
  private int change;

  private ClusterApi(ApiStandIn api, int services, int endpoints) {
    this.api = api;
    this.services = services;
    this.endpoints = endpoints;
  }

  public static void main(String[] arguments) throws Exception {
    try (ApiStandIn api = new ApiStandIn();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      ClusterApi cluster =
          new ClusterApi(api, Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
      cluster.fill();
      Path port = Path.of(arguments[2]);
      Path beside = Files.writeString(port.resolveSibling("port.new"), api.port() + "\n");
      Files.move(beside, port);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        cluster.change(Integer.parseInt(line));
        System.out.println("done");
      }
    }
  }

  private void fill() throws IOException {
    api.kubernetes();
    api.node("node1", "a", "192.0.2.10");
    for (int i = 0; i < services; i++) {
      api.service("default", name(i), "10.96.%d.%d".formatted(1 + i / 250, 1 + i % 250));
      slice(i, 0);
    }
  }

  private void change(int count) throws InterruptedException {
    for (int i = 1; i <= count; i++) {
      change++;
      slice((int) ((change * 7919L) % services), 1 + change / services);
      if (i % STEP == 0) {
        Thread.sleep(1000L * STEP / CHANGES_PER_SECOND);
      }
    }
    // What tells that everything before has arrived.
    slice(0, endpoint((127 << 16) + 0xff00 + change % 250));
  }

  private static String name(int service) {
    return "service-%05d".formatted(service);
  }

  /**
   * Each generation has another last endpoint, and the others of the one before. They are on
   * {@value #NODES} nodes, as many of them on ours as on any.
   */
  private void slice(int service, int generation) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < endpoints; i++) {
      int number = service * ADDRESSES + (generation + i) % ADDRESSES;
      all.append(i == 0 ? "" : ",").append(endpoint(number));
    }
    slice(service, all.toString());
  }

  private void slice(int service, String all) {
    api.put(
        "endpointslices",
        "default/" + name(service) + "-abcde",
        SLICE.formatted(name(service), name(service), service, service, name(service), all));
  }

  private static String endpoint(int number) {
    return ENDPOINT.formatted(
        128 + (number >> 16),
        number >> 8 & 0xff,
        number & 0xff,
        1 + number % NODES,
        number % 3,
        number,
        number);
  }
}
