package io.kubeipvs.proxy.http;

/**
 * What a client asks, as far as anybody here wants to know. A body is never read.
 *
 * @param path without the query
 * @param gzip whether the answer may be compressed
 * @param openMetrics whether the client prefers OpenMetrics to the older text format
 */
public record HttpQuestion(String method, String path, boolean gzip, boolean openMetrics) {}
