package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.proxy.check.facts.Modules.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Where modules are, from {@code /sys/module} and {@code /lib/modules}. */
final class ModuleFiles {
  private final Path loaded;
  private final Path lists;

  ModuleFiles(Path root, String release) {
    this.loaded = root.resolve("sys/module");
    this.lists = root.resolve("lib/modules").resolve(release);
  }

  Modules read(Set<String> names) {
    Set<String> builtIn = listed("modules.builtin");
    Set<String> loadable = listed("modules.dep");
    Map<String, State> states = new HashMap<>();
    for (String name : names) {
      states.put(name, state(name, builtIn, loadable));
    }
    return new Modules(states);
  }

  private State state(String name, Set<String> builtIn, Set<String> loadable) {
    if (Files.isDirectory(loaded.resolve(name))) {
      return State.LOADED;
    }
    if (builtIn.contains(name)) {
      return State.BUILT_IN;
    }
    if (loadable.contains(name)) {
      return State.LOADABLE;
    }
    return loadable.isEmpty() ? State.UNKNOWN : State.ABSENT;
  }

  /**
   * Lines like {@code kernel/net/netfilter/xt_set.ko.xz: kernel/net/...}; none without the file.
   */
  private Set<String> listed(String file) {
    Set<String> names = new HashSet<>();
    try {
      for (String line : Files.readAllLines(lists.resolve(file), StandardCharsets.ISO_8859_1)) {
        String path = line.split(":", 2)[0];
        String name = path.substring(path.lastIndexOf('/') + 1);
        int suffix = name.indexOf(".ko");
        if (suffix > 0) {
          names.add(name.substring(0, suffix).replace('-', '_'));
        }
      }
    } catch (IOException e) {
      return Set.of(); // what is not listed is not known
    }
    return names;
  }
}
