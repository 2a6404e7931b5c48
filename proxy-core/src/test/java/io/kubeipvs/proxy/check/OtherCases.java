package io.kubeipvs.proxy.check;

import static io.kubeipvs.proxy.check.CheckCase.bad;

import io.kubeipvs.proxy.check.facts.LockHold;
import io.kubeipvs.proxy.check.facts.Rules;
import io.kubeipvs.proxy.inspect.Part;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What can be wrong with others: tools, rules, programs, the API server. */
final class OtherCases {
  private OtherCases() {}

  static Stream<CheckCase> all() {
    Check tools = new ToolsCheck();
    Check variants = new VariantsCheck();
    Check policy = new PolicyCheck();
    Check other = new OtherProxyCheck();
    Check api = new ApiCheck();
    String kube = "*nat\n:KUBE-SERVICES - [0:0]\n-A KUBE-SERVICES -j RETURN\nCOMMIT\n";
    String anybody = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n";
    return Stream.of(
        bad(
            "no tools",
            tools,
            Severity.ERROR,
            "iptables not found",
            node -> node.rules = Part.missing("iptables not found")),
        bad(
            "tools refused",
            tools,
            Severity.UNKNOWN,
            "Permission denied",
            node -> node.rules = Part.missing("Permission denied")),
        bad(
            "our rules in both kinds",
            variants,
            Severity.ERROR,
            "iptables-legacy: 1 rules",
            node -> node.rules = both(kube, kube)),
        bad(
            "rules of somebody in the other kind",
            variants,
            Severity.WARNING,
            "iptables-legacy: 1 rules",
            node -> node.rules = both(kube, anybody)),
        bad(
            "legacy tables nobody can look into",
            variants,
            Severity.INFO,
            "tables [nat]",
            node ->
                node.rules =
                    Part.of(
                        new Rules(
                            "iptables-nft",
                            List.of(GivenNode.view("nf_tables", kube)),
                            List.of("nat")))),
        bad(
            "lock held",
            new LockCheck(),
            Severity.WARNING,
            "by pid 7 (sleep 60)",
            node ->
                node.lock =
                    Optional.of(
                        new LockHold(
                            "/run/xtables.lock", "pid 7 (sleep 60)", Duration.ofSeconds(1)))),
        bad(
            "a lock that cannot be seen",
            new LockCheck(),
            Severity.INFO,
            "whether somebody outside",
            node -> node.seesAllProcesses = false),
        bad(
            "processes that cannot be seen",
            other,
            Severity.INFO,
            "kube-ipvs does not run",
            node -> {
              node.seesAllProcesses = false;
              node.processes.clear();
            }),
        bad(
            "INPUT drops",
            policy,
            Severity.WARNING,
            "INPUT has the policy DROP",
            node ->
                node.rules = GivenNode.rules("nf_tables", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n")),
        bad(
            "FORWARD drops",
            policy,
            Severity.WARNING,
            "FORWARD has the policy DROP",
            node ->
                node.rules =
                    GivenNode.rules("nf_tables", "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n")),
        bad(
            "kube-proxy beside us",
            other,
            Severity.ERROR,
            "pid 200 (/usr/local/bin/kube-proxy --config=x)",
            node -> node.process(200, "kube-proxy", "/usr/local/bin/kube-proxy", "--config=x")),
        bad(
            "kube-proxy before us",
            other,
            Severity.WARNING,
            "pid 200 (kube-proxy)",
            node -> {
              node.processes.clear();
              node.process(200, "kube-proxy");
            }),
        bad(
            "we twice",
            other,
            Severity.ERROR,
            "pid 300",
            node -> node.process(300, "java", "java", "io.kubeipvs.proxy.cli.KubeIpvs", "run")),
        bad(
            "we twice, once by the image under kube-proxy's name",
            other,
            Severity.ERROR,
            "pid 300",
            node ->
                node.process(
                    300,
                    "kube-proxy",
                    "/runtime/bin/java",
                    "@/usr/lib/kube-ipvs/java.options",
                    "/usr/local/bin/kube-proxy",
                    "--config=x")),
        bad(
            "a stranger on our ports",
            other,
            Severity.WARNING,
            "TCP 0.0.0.0:10256, pid 200 (/proxy)",
            node -> {
              node.process(200, "proxy", "/proxy");
              node.sockets.add(GivenNode.socket("0.0.0.0", 10256, 200));
            }),
        bad(
            "rules of iptables mode",
            new LeftoverRulesCheck(),
            Severity.WARNING,
            "iptables-nft: 1 chains, KUBE-SVC-X",
            node ->
                node.rules = GivenNode.rules("nf_tables", "*nat\n:KUBE-SVC-X - [0:0]\nCOMMIT\n")),
        bad(
            "a program at a node port",
            new NodePortSocketCheck(),
            Severity.WARNING,
            "TCP 0.0.0.0:30080, pid 200 (nginx)",
            node -> {
              node.process(200, "nginx");
              node.sockets.add(GivenNode.socket("0.0.0.0", 30080, 200));
            }),
        bad(
            "API away",
            api,
            Severity.ERROR,
            "Connection refused",
            node ->
                node.api =
                    GivenNode.api(Optional.of("Connection refused"), List.of(), Duration.ZERO)),
        bad(
            "API shows too little",
            api,
            Severity.ERROR,
            "services: 403",
            node ->
                node.api =
                    GivenNode.api(Optional.empty(), List.of("services: 403"), Duration.ZERO)));
  }

  private static Part<Rules> both(String nft, String legacy) {
    return Part.of(
        new Rules(
            "iptables-nft",
            List.of(GivenNode.view("nf_tables", nft), GivenNode.view("legacy", legacy)),
            List.of("nat")));
  }
}
