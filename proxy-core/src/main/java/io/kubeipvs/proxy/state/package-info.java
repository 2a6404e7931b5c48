/**
 * What the cluster asks for, kept up to date: the newest version of every object, which Services
 * are dirty, and the sum of all plans with conflicts settled. Knows no netlink and does no I/O.
 */
@NullMarked
package io.kubeipvs.proxy.state;

import org.jspecify.annotations.NullMarked;
