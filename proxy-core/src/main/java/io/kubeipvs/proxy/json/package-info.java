/** JSON as it is written for people and pages, and read back by our own commands. */
@NullMarked
package io.kubeipvs.proxy.json;

import org.jspecify.annotations.NullMarked;
