package io.kubeipvs.proxy.source.kubernetes;

import java.time.Duration;

/**
 * A request to the API server that was answered, or was not.
 *
 * @param host with its port
 * @param method of HTTP
 * @param verb as in RBAC rules: {@code list}, {@code watch}, {@code create}, {@code update}
 * @param resource by its plural, as in RBAC rules
 * @param status of HTTP; 0 when there was no answer
 * @param took to the answer's beginning
 */
public record ApiCall(
    String host, String method, String verb, String resource, int status, Duration took) {}
