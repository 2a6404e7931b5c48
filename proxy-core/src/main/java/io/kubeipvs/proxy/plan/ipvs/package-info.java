/**
 * Plans in the terms of IPVS, IP sets and the few rules that go with them. Pure, like its parent.
 */
@NullMarked
package io.kubeipvs.proxy.plan.ipvs;

import org.jspecify.annotations.NullMarked;
