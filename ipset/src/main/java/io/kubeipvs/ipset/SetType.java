package io.kubeipvs.ipset;

import java.util.Optional;

/** The set types we make and read. The kernel knows more; a listing reports those by name only. */
public enum SetType {
  HASH_IP("hash:ip"),
  HASH_IP_PORT("hash:ip,port"),
  HASH_IP_PORT_IP("hash:ip,port,ip"),
  HASH_IP_PORT_NET("hash:ip,port,net"),
  BITMAP_PORT("bitmap:port");

  private final String typeName;

  SetType(String typeName) {
    this.typeName = typeName;
  }

  /** {@code hash:ip,port}. */
  public String typeName() {
    return typeName;
  }

  /** The type of that name; empty for one we neither make nor read. */
  public static Optional<SetType> ofTypeName(String name) {
    for (SetType type : values()) {
      if (type.typeName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return typeName;
  }
}
