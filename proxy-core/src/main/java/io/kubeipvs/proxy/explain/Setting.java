package io.kubeipvs.proxy.explain;

/**
 * A setting of the kernel that changes the answer.
 *
 * @param name as {@code sysctl} has it: {@code net.ipv4.ip_forward}
 * @param value what it is
 * @param effect what it does here
 */
public record Setting(String name, String value, String effect) {}
