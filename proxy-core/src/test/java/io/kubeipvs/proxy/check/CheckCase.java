package io.kubeipvs.proxy.check;

import java.util.List;
import java.util.function.Consumer;

/** One thing that is wrong with a node, and what a check is to find. */
record CheckCase(
    String name, Check check, Consumer<GivenNode> harm, Severity severity, String evidence) {

  static CheckCase bad(
      String name, Check check, Severity severity, String evidence, Consumer<GivenNode> harm) {
    return new CheckCase(name, check, harm, severity, evidence);
  }

  /** A node where this is wrong. */
  GivenNode node() {
    GivenNode node = new GivenNode();
    harm.accept(node);
    return node;
  }

  /** What its check finds there. */
  List<Finding> findings() {
    return check.look(node().facts());
  }

  @Override
  public String toString() {
    return name;
  }
}
