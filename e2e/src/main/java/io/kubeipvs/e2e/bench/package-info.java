/**
 * Benchmarks: kube-ipvs against the tools of a node, all in one run of a guest kernel. They print
 * figures and how far those are from what is wanted; they judge nothing else.
 */
@NullMarked
package io.kubeipvs.e2e.bench;

import org.jspecify.annotations.NullMarked;
