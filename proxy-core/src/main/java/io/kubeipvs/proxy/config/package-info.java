/** What an operator can set, and the surroundings a node gives: names, addresses, settings. */
@NullMarked
package io.kubeipvs.proxy.config;

import org.jspecify.annotations.NullMarked;
