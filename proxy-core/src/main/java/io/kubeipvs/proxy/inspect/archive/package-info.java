/** Files in one file, as {@code tar} packs and unpacks them. */
@NullMarked
package io.kubeipvs.proxy.inspect.archive;

import org.jspecify.annotations.NullMarked;
