package io.kubeipvs.proxy.source;

import java.util.Collection;

/** Gathers what is wrong with one object of a file. */
public record Problems(String file, String object, Collection<Problem> all) {

  public void add(String field, String message) {
    all.add(new Problem(file, object, field, message));
  }

  Problems of(String otherObject) {
    return new Problems(file, otherObject, all);
  }
}
