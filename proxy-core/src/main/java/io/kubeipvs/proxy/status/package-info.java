/**
 * The status page: what the daemon and the kernel have now, as JSON for whoever asks and as a page
 * for a person. Reads only.
 */
@NullMarked
package io.kubeipvs.proxy.status;

import org.jspecify.annotations.NullMarked;
