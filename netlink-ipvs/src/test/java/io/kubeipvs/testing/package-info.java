/** What tests of all modules share: which kernel a test needs, and leaks of file descriptors. */
@NullMarked
package io.kubeipvs.testing;

import org.jspecify.annotations.NullMarked;
