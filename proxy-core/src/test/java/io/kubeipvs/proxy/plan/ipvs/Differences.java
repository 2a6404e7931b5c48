package io.kubeipvs.proxy.plan.ipvs;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All differences, as data. */
final class Differences {
  private static final String INTERNAL_LOCAL =
      "internalTrafficPolicy Local with endpoints only elsewhere: nothing is sent there, and new"
          + " connections are dropped, not refused";
  private static final String EXTERNAL_LOCAL =
      "externalTrafficPolicy Local with endpoints only elsewhere: those are for pods and the node;"
          + " new connections from outside are dropped";

  private static final String NO_ENDPOINTS =
      "no endpoint anywhere: refused by a rule, before IPVS would do it by ICMP";

  private static final List<Difference> ALL =
      List.of(
          new Difference(
              "03-clusterip-no-endpoints",
              NO_ENDPOINTS,
              List.of(),
              List.of("add KUBE-NO-ENDPOINTS 10.96.10.3,tcp:80")),
          new Difference(
              "31e-terminating-none-serving",
              NO_ENDPOINTS,
              List.of(),
              List.of("add KUBE-NO-ENDPOINTS 10.96.10.31,tcp:80")),
          new Difference(
              "39-external-no-endpoints",
              NO_ENDPOINTS,
              List.of(),
              List.of(
                  "add KUBE-NO-ENDPOINTS 10.0.2.15,tcp:30139",
                  "add KUBE-NO-ENDPOINTS 10.244.0.1,tcp:30139",
                  "add KUBE-NO-ENDPOINTS 10.96.10.39,tcp:80",
                  "add KUBE-NO-ENDPOINTS 192.0.2.39,tcp:80",
                  "add KUBE-NO-ENDPOINTS 192.0.2.40,tcp:80")),
          new Difference(
              "30b-itp-local-none-local",
              INTERNAL_LOCAL,
              List.of(),
              List.of("add KUBE-NO-LOCAL-INTERNAL 10.96.10.30,tcp:80")),
          new Difference(
              "30d-itp-local-nodeport-none-local",
              INTERNAL_LOCAL,
              List.of(
                  "-a -t 10.96.10.30:80 -r 10.244.1.7:8080 -m -w 1",
                  "-a -t 10.96.10.30:80 -r 10.244.2.8:8080 -m -w 1"),
              List.of("add KUBE-NO-LOCAL-INTERNAL 10.96.10.30,tcp:80")),
          new Difference(
              "30f-itp-local-etp-local-none-local",
              INTERNAL_LOCAL,
              List.of(
                  "-a -t 10.96.10.30:80 -r 10.244.1.7:8080 -m -w 1",
                  "-a -t 10.96.10.30:80 -r 10.244.2.8:8080 -m -w 1"),
              List.of("add KUBE-NO-LOCAL-INTERNAL 10.96.10.30,tcp:80")),
          new Difference(
              "30f-itp-local-etp-local-none-local",
              EXTERNAL_LOCAL,
              List.of(),
              List.of(
                  "add KUBE-NO-LOCAL-EXTERNAL 10.0.2.15,tcp:30130",
                  "add KUBE-NO-LOCAL-EXTERNAL 10.244.0.1,tcp:30130")),
          new Difference(
              "31e-terminating-none-serving",
              "an endpoint that does not serve gets no traffic, so it cannot reach itself either",
              List.of("add KUBE-LOOP-BACK 10.244.0.5,tcp:8080,10.244.0.5"),
              List.of()),
          new Difference(
              "38-exclude-cidrs",
              "virtual services of somebody else are no part of a plan",
              List.of("-A -t 10.99.0.1:80 -s rr", "-a -t 10.99.0.1:80 -r 10.99.1.1:80 -m -w 1"),
              List.of()));

  private Differences() {}

  static List<Difference> of(String scenario) {
    return ALL.stream().filter(difference -> difference.scenario().equals(scenario)).toList();
  }

  static Set<String> scenarios() {
    return ALL.stream().map(Difference::scenario).collect(Collectors.toSet());
  }
}
