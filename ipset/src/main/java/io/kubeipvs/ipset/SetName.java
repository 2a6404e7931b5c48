package io.kubeipvs.ipset;

import java.nio.charset.StandardCharsets;

/** A set's name: 1 to 31 bytes ({@code IPSET_MAXNAMELEN} is 32 with the closing zero). */
public record SetName(String value) implements Comparable<SetName> {
  public static final int MAXIMUM_LENGTH = 31;

  public SetName {
    int length = value.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > MAXIMUM_LENGTH) {
      throw new IllegalArgumentException("set name '" + value + "' is not 1 to 31 bytes long");
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "set name with a zero byte, where the kernel would end it");
    }
  }

  @Override
  public int compareTo(SetName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
