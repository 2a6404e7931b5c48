package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.config.SysctlFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Carries out what findings propose, and says exactly what it did. */
public final class Fixer {

  /** Runs a program to its end, without a shell. */
  @FunctionalInterface
  public interface Programs {
    /**
     * What it printed.
     *
     * @throws IOException when there is none of that name, or it failed; the message has its words
     */
    String run(List<String> command) throws IOException;
  }

  private final SysctlFiles sysctls;
  private final Programs programs;

  public Fixer(SysctlFiles sysctls, Programs programs) {
    this.sysctls = sysctls;
    this.programs = programs;
  }

  /** What was done, and what could not be. */
  public record Result(List<String> done, List<String> failed) {
    public Result {
      done = List.copyOf(done);
      failed = List.copyOf(failed);
    }
  }

  public Result apply(List<Fix> fixes) {
    List<String> done = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (Fix fix : fixes) {
      try {
        done.addAll(apply(fix));
      } catch (IOException e) {
        failed.add(String.valueOf(e.getMessage()));
      }
    }
    return new Result(done, failed);
  }

  private List<String> apply(Fix fix) throws IOException {
    if (fix instanceof Fix.SetSysctls set) {
      return sysctls.apply(set.sysctls()).stream().map(changed -> "set " + changed).toList();
    }
    List<String> names = ((Fix.LoadModules) fix).names();
    programs.run(Stream.concat(Stream.of("modprobe", "-a"), names.stream()).toList());
    return List.of("loaded the modules " + String.join(", ", names));
  }
}
