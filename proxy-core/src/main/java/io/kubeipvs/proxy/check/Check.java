package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/** A question about a node. */
@FunctionalInterface
interface Check {
  /** At least one answer, if only that all is well; none where the question has no sense. */
  List<Finding> look(NodeFacts facts);
}
