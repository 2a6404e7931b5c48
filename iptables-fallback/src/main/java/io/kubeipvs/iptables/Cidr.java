package io.kubeipvs.iptables;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A network as rules print it: bits behind the prefix cleared, the prefix length always there, IPv6
 * as {@code inet_ntop(3)} shortens it.
 */
public record Cidr(Family family, String address, int length) {

  /**
   * An address or a network; {@code 10.1.2.3} is {@code 10.1.2.3/32}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    byte[] bytes = bytes(address, text);
    int length = slash < 0 ? bytes.length * 8 : length(text.substring(slash + 1), bytes.length * 8);
    clearBehind(bytes, length);
    Family family = bytes.length == 4 ? Family.IPV4 : Family.IPV6;
    return new Cidr(family, family == Family.IPV4 ? format4(bytes) : format6(bytes), length);
  }

  boolean isEverything() {
    return length == 0;
  }

  private static int length(String text, int bits) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      length = length * 10 + Character.digit(text.charAt(i), 10);
    }
    if (text.isEmpty() || text.length() > 3 || length < 0 || length > bits) {
      throw new IllegalArgumentException("prefix length '" + text + "' is not in 0.." + bits);
    }
    return length;
  }

  /** Never asks DNS: {@code getByName} sees only what holds a colon, which no host name may. */
  private static byte[] bytes(String address, String text) {
    try {
      if (address.indexOf(':') < 0) {
        return bytes4(address);
      }
      if (address.indexOf('%') < 0 && InetAddress.getByName(address) instanceof Inet6Address six) {
        return six.getAddress();
      }
    } catch (UnknownHostException | NumberFormatException e) {
      throw new IllegalArgumentException("not an address or network: '" + text + "'", e);
    }
    throw new IllegalArgumentException("not an address or network: '" + text + "'");
  }

  private static byte[] bytes4(String address) {
    String[] parts = address.split("\\.", -1);
    byte[] bytes = new byte[4];
    for (int i = 0; i < parts.length; i++) {
      int part = Integer.parseInt(parts[i]);
      if (parts.length != 4 || part < 0 || part > 255 || !parts[i].equals("" + part)) {
        throw new NumberFormatException(address);
      }
      bytes[i] = (byte) part;
    }
    return bytes;
  }

  private static void clearBehind(byte[] bytes, int length) {
    int whole = length / 8;
    if (whole < bytes.length) {
      bytes[whole] &= (byte) (0xff00 >> (length % 8));
      Arrays.fill(bytes, whole + 1, bytes.length, (byte) 0);
    }
  }

  private static String format4(byte[] b) {
    return (b[0] & 0xff) + "." + (b[1] & 0xff) + "." + (b[2] & 0xff) + "." + (b[3] & 0xff);
  }

  /** The first longest run of two or more zero groups becomes {@code ::}. */
  private static String format6(byte[] bytes) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int start = -1;
    int run = 1;
    for (int i = 0; i < 8; i++) {
      int zeros = zerosFrom(groups, i);
      if (zeros > run) {
        start = i;
        run = zeros;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        out.append("::");
        i += run - 1;
      } else {
        out.append(out.length() == 0 || out.charAt(out.length() - 1) == ':' ? "" : ":");
        out.append(Integer.toHexString(groups[i]));
      }
    }
    return out.toString();
  }

  private static int zerosFrom(int[] groups, int start) {
    int i = start;
    while (i < groups.length && groups[i] == 0) {
      i++;
    }
    return i - start;
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
