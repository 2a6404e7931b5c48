package io.kubeipvs.proxy.source;

import org.jspecify.annotations.Nullable;

/** Where a field is, kept as a chain because it is only spelt out when something is wrong. */
public record FieldPath(@Nullable FieldPath parent, String name, int index) {
  private static final int NO_INDEX = -1;

  public static final FieldPath ROOT = new FieldPath(null, "", NO_INDEX);

  FieldPath member(String memberName) {
    return new FieldPath(this, memberName, NO_INDEX);
  }

  FieldPath item(int itemIndex) {
    return new FieldPath(this, "", itemIndex);
  }

  /** {@code spec.ports[1].port}; a name that is no plain word is bracketed, as kubectl does. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    appendTo(text);
    return text.toString();
  }

  private void appendTo(StringBuilder text) {
    if (parent == null) {
      return;
    }
    parent.appendTo(text);
    if (index != NO_INDEX) {
      text.append('[').append(index).append(']');
    } else if (name.matches("[A-Za-z0-9]+")) {
      text.append(text.isEmpty() ? "" : ".").append(name);
    } else {
      text.append('[').append(Shown.clean(name)).append(']');
    }
  }
}
