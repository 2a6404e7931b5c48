/** A sync as steps a person can read, understand, run and take back. */
@NullMarked
package io.kubeipvs.proxy.inspect.steps;

import org.jspecify.annotations.NullMarked;
