package io.kubeipvs.proxy.source;

import java.util.Set;

/**
 * What to look at in a directory.
 *
 * @param names files to be read even if they look the same
 * @param everything all others are looked at too
 */
record Touched(Set<String> names, boolean everything) {
  static final Touched EVERYTHING = new Touched(Set.of(), true);

  Touched {
    names = Set.copyOf(names);
  }

  static Touched only(Set<String> names) {
    return new Touched(names, false);
  }

  Touched andEverything() {
    return new Touched(names, true);
  }
}
