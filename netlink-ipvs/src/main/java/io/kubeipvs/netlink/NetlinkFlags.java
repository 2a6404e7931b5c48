package io.kubeipvs.netlink;

/** {@code NLM_F_*} and the message types every family shares ({@code linux/netlink.h}). */
public final class NetlinkFlags {
  public static final int REQUEST = 0x01;
  public static final int MULTI = 0x02;
  public static final int ACK = 0x04;
  public static final int DUMP_INTERRUPTED = 0x10;

  /** Only in answers: the request is not echoed behind the error number. */
  static final int CAPPED = 0x100;

  /** Only in answers: attributes of the extended acknowledgement follow. */
  static final int ACK_ATTRIBUTES = 0x200;

  /** For requests that read: the whole table ({@code NLM_F_ROOT | NLM_F_MATCH}). */
  public static final int DUMP = 0x300;

  /** For requests that make something: replace what exists. */
  public static final int REPLACE = 0x100;

  /** For requests that make something: refuse what exists. */
  public static final int EXCLUSIVE = 0x200;

  /** For requests that make something: make it when it does not exist. */
  public static final int CREATE = 0x400;

  static final int TYPE_NOOP = 1;
  static final int TYPE_ERROR = 2;
  static final int TYPE_DONE = 3;
  static final int TYPE_OVERRUN = 4;

  private NetlinkFlags() {}
}
