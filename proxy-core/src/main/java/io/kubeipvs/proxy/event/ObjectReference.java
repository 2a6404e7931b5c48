package io.kubeipvs.proxy.event;

import io.kubeipvs.proxy.model.ServiceName;

/**
 * The object an event is about.
 *
 * @param namespace empty for a Node
 */
public record ObjectReference(String kind, String namespace, String name, String uid) {

  /** As kube-proxy and kubelet refer to it: by its name in the place of its UID. */
  public static ObjectReference node(String name) {
    return new ObjectReference("Node", "", name, name);
  }

  /** As kube-proxy refers to it: by its name in the place of its UID. */
  public static ObjectReference service(ServiceName name) {
    return new ObjectReference("Service", name.namespace(), name.name(), name.toString());
  }

  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
