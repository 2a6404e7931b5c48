package io.kubeipvs.proxy.inspect.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private static String command(String scheduler) {
    ServiceKey web = ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.10"), 80);
    VirtualService service = VirtualService.of(web, new Scheduler(scheduler));
    Operation add = new Operation.Ipvs(Phase.PROGRAM_SERVICES, new IpvsCommand.AddService(service));
    return new Script(Map.of()).command(new Step.Act(add, "asked for"));
  }

  @Test
  void commandIsTheToolsOwn() {
    assertThat(command("rr")).isEqualTo("ipvsadm -A -t 10.96.0.10:80 -s rr");
  }

  /** Who answers in the daemon's place, or made an archive, runs nothing here. */
  @Test
  void whatAShellWouldTakeForMoreThanWordsIsNotGivenToIt() {
    assertThat(command("$(sh /tmp/x)")).startsWith("false # not to be given to a shell: ");
    assertThat(command("rr;reboot")).startsWith("false # ").doesNotContain("\n");
    assertThat(command("rr\nreboot")).startsWith("false # ").doesNotContain("\n");
  }
}
