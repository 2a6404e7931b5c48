package io.kubeipvs.proxy.plan;

import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;

/** What all plans of a node depend on; when it changes, every Service is planned again. */
public record PlanContext(NodeInfo node, NodeAddresses addresses, PlanSettings settings) {}
