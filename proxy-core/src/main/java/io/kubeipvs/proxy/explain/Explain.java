package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.explain.Explanation.ServerName;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.Snapshot;
import io.kubeipvs.proxy.state.DesiredState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Answers questions about one snapshot, as many as one likes. */
public final class Explain {
  /** Of a client's connections so many are shown. */
  private static final int SHOWN = 5;

  private final Explainer explainer;
  private final Owners owners;
  private final Names names;
  private final Disagreements disagreements;
  private final Settings settings;
  private final List<String> missing;
  private final Optional<String> noCluster;

  /**
   * @param desired what should be in the kernel; empty where nobody knows what the cluster asks for
   * @param due what a sync would do
   */
  public Explain(Snapshot snapshot, Optional<DesiredState> desired, List<Operation> due) {
    this(
        KernelFacts.of(snapshot.kernel()),
        snapshot.cluster().value(),
        snapshot.cluster().missing(),
        desired,
        due);
  }

  /**
   * @param noCluster why there is no cluster
   */
  Explain(
      Facts facts,
      Optional<Cluster> cluster,
      String noCluster,
      Optional<DesiredState> desired,
      List<Operation> due) {
    this.explainer = new Explainer(facts);
    this.owners = new Owners(cluster, desired, facts.sets());
    this.names = new Names(cluster);
    this.disagreements = new Disagreements(due);
    this.settings = new Settings(facts);
    this.missing = facts.missing();
    this.noCluster = cluster.isPresent() ? Optional.empty() : Optional.of(noCluster);
  }

  /** The address of a pod {@code NAMESPACE/NAME} that is an endpoint. */
  public Optional<IpAddress> pod(String name) {
    return names.pod(name);
  }

  public Explanation explain(Question question) {
    Explainer.Walked walked = explainer.walk(question);
    ServiceKey.Address place =
        new ServiceKey.Address(question.protocol(), question.destination(), question.port());
    List<Outcome> outcomes = walked.outcomes().stream().map(this::named).toList();
    return new Explanation(
        question,
        from(question, walked.packet()),
        owners.owner(place),
        outcomes,
        servers(outcomes),
        disagreements.at(place, owners.portal(place)),
        settings.of(walked.packet(), outcomes),
        notes(walked.packet()));
  }

  private String from(Question question, Packet packet) {
    if (packet.in().isEmpty() && explainer.isOwn(packet.source())) {
      return "a process of this node, as " + packet.source();
    }
    String name =
        names
            .place(packet.source())
            .filter(place -> !place.pod().isEmpty())
            .map(place -> ", pod " + place.pod())
            .orElse("");
    String device = packet.in().isEmpty() ? ", by no known device" : ", arriving by " + packet.in();
    return question.clientText() + name + device;
  }

  /** What a chain's name stands for is said where the way leads into it. */
  private Outcome named(Outcome outcome) {
    List<Step> steps = outcome.steps().stream().map(this::named).toList();
    return new Outcome(
        outcome.fate(),
        outcome.share(),
        outcome.doubts(),
        outcome.masquerade(),
        outcome.seenAs(),
        outcome.caution(),
        steps);
  }

  private Step named(Step step) {
    String chain = step.what().replaceFirst("^goes on in ", "");
    String stands = names.chain(chain);
    return stands.isEmpty()
        ? step
        : new Step(
            step.place(), step.what() + " (" + stands + ")", step.evidence(), step.because());
  }

  private List<ServerName> servers(List<Outcome> outcomes) {
    Map<String, ServerName> servers = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      if (outcome.fate() instanceof Fate.Delivered to) {
        String server = to.server().withPort(to.port());
        names
            .place(to.server())
            .ifPresent(
                place -> servers.put(server, new ServerName(server, place.pod(), place.node())));
      }
    }
    return List.copyOf(servers.values());
  }

  private List<String> notes(Packet packet) {
    List<String> notes = new ArrayList<>();
    List<IpvsConnection> connections = explainer.connections(packet);
    if (!connections.isEmpty() && packet.sourcePort() == 0) {
      notes.add(
          connections.size()
              + " connection(s) of this client go on as they are, whatever is said here: "
              + text(connections));
    }
    List<Flow> flows = explainer.flows(packet);
    if (!flows.isEmpty() && packet.sourcePort() == 0 && connections.isEmpty()) {
      notes.add(
          flows.size()
              + " tracked flow(s) of this client go on as they are: "
              + String.join("; ", flows.stream().limit(SHOWN).map(Flow::toString).toList()));
    }
    noCluster.ifPresent(why -> notes.add("what the cluster asks for is not known: " + why));
    missing.forEach(each -> notes.add("not read: " + each));
    return notes;
  }

  private static String text(List<IpvsConnection> connections) {
    List<String> words =
        connections.stream()
            .limit(SHOWN)
            .map(
                each ->
                    "port "
                        + each.clientPort()
                        + " to "
                        + each.server().withPort(each.serverPort())
                        + " "
                        + each.state())
            .toList();
    return String.join("; ", words) + (connections.size() > SHOWN ? "; ..." : "");
  }
}
