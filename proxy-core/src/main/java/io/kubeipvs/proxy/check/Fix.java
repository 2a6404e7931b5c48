package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.config.Sysctl;
import java.util.List;

/**
 * A change that {@code --fix} makes: one the proxy makes too when it starts, or could be told to.
 */
public sealed interface Fix {

  /** Settings of the kernel, in this order. */
  record SetSysctls(List<Sysctl> sysctls) implements Fix {
    public SetSysctls {
      sysctls = List.copyOf(sysctls);
    }
  }

  /** Modules of the kernel. */
  record LoadModules(List<String> names) implements Fix {
    public LoadModules {
      names = List.copyOf(names);
    }
  }
}
