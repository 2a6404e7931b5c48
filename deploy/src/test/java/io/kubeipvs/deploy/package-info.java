@NullMarked
package io.kubeipvs.deploy;

import org.jspecify.annotations.NullMarked;
