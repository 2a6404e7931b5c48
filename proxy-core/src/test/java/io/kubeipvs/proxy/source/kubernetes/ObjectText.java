package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** Objects of the API as JSON text, and what a server adds to those that clients write. */
final class ObjectText {
  private ObjectText() {}

  static String service(String namespace, String name, String clusterIp) {
    return """
    {"kind":"Service","apiVersion":"v1","metadata":{"name":"%s","namespace":"%s","uid":"u-%s",\
    "creationTimestamp":"2026-01-01T00:00:00Z","managedFields":[{"manager":"kubectl"}]},\
    "spec":{"clusterIP":"%s","clusterIPs":["%s"],"ipFamilies":["IPv4"],"type":"ClusterIP",\
    "ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}],\
    "sessionAffinity":"None","internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}"""
        .formatted(name, namespace, name, clusterIp, clusterIp);
  }

  /** A slice of the Service of the same name. */
  static String slice(String namespace, String name, List<String> addresses) {
    String endpoints =
        addresses.stream()
            .map(
                address ->
                    """
                    {"addresses":["%s"],"conditions":\
                    {"ready":true,"serving":true,"terminating":false},\
                    "nodeName":"node1","targetRef":{"kind":"Pod","name":"pod"}}"""
                        .formatted(address))
            .collect(Collectors.joining(","));
    return """
    {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"%s",\
    "namespace":"%s","labels":{"kubernetes.io/service-name":"%s"}},"addressType":"IPv4",\
    "ports":[{"name":"http","protocol":"TCP","port":8080}],"endpoints":[%s]}"""
        .formatted(name, namespace, name, endpoints);
  }

  static String node(String name, String zone, String address) {
    return """
    {"kind":"Node","apiVersion":"v1","metadata":{"name":"%s","labels":\
    {"topology.kubernetes.io/zone":"%s"}},"spec":{"podCIDR":"10.244.1.0/24"},\
    "status":{"addresses":[{"type":"InternalIP","address":"%s"}]}}"""
        .formatted(name, zone, address);
  }

  static String status(int code, String message) {
    return "{\"kind\":\"Status\",\"code\":%d,\"message\":\"%s\"}".formatted(code, message);
  }

  static String list(ApiStore.Page page) {
    return """
    {"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"%d","continue":"%s"},\
    "items":[%s]}
    """
        .formatted(page.version(), page.last(), String.join(",", page.objects()));
  }

  static String event(String type, String object) {
    return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object);
  }

  /** Empty when it is no JSON, or has none. */
  static String nameIn(String object) {
    try (JsonParser parser = new JsonFactory().createParser(object)) {
      parser.nextToken();
      Object tree = JsonTree.read(parser);
      return tree == null ? "" : ApiObject.metadata(tree, "name").orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  static String withNamespace(String object, String namespace) {
    return namespace.isEmpty() || object.contains("\"namespace\":\"" + namespace + "\"")
        ? object
        : object.replaceFirst(
            "\"metadata\":\\{", "\"metadata\":{\"namespace\":\"" + namespace + "\",");
  }

  /** A Service that names no cluster IP gets this one. */
  static String withClusterIp(String service, String clusterIp) {
    return service.contains("\"clusterIP\"")
        ? service
        : service.replaceFirst("\"spec\":\\{", "\"spec\":{\"clusterIP\":\"" + clusterIp + "\",");
  }
}
