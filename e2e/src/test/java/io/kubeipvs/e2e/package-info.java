@NullMarked
package io.kubeipvs.e2e;

import org.jspecify.annotations.NullMarked;
