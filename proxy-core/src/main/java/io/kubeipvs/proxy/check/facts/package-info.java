/**
 * What there is to know about a node before and while it serves: read once, from files, netlink and
 * tools, and then values.
 */
@NullMarked
package io.kubeipvs.proxy.check.facts;

import org.jspecify.annotations.NullMarked;
