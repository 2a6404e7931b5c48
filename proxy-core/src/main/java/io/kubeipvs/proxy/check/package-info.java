/**
 * The questions of {@code kube-ipvs check}, one class each, over facts that were read before. They
 * know no files and no kernel; only {@code Fixer} writes.
 */
@NullMarked
package io.kubeipvs.proxy.check;

import org.jspecify.annotations.NullMarked;
