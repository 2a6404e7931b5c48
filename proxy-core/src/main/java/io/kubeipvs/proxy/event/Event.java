package io.kubeipvs.proxy.event;

import java.nio.charset.StandardCharsets;

/**
 * What {@code events.k8s.io/v1 Event} says, without when and by whom.
 *
 * @param reason in one word: {@code Starting}
 * @param action what was being done, in one word: {@code StartKubeProxy}
 * @param note for people; may be empty
 */
public record Event(ObjectReference about, Type type, String reason, String action, String note) {
  /** As the API spells them. */
  public enum Type {
    Normal,
    Warning
  }

  /** Notes of more bytes are refused by the API. */
  public static final int NOTE_LIMIT = 1024;

  private static final String CUT = "…";

  public Event {
    note = cut(note);
  }

  private static String cut(String note) {
    if (bytes(note) <= NOTE_LIMIT) {
      return note;
    }
    int end = Math.min(note.length(), NOTE_LIMIT);
    while (bytes(note.substring(0, end)) > NOTE_LIMIT - bytes(CUT)) {
      end--;
    }
    boolean split = Character.isHighSurrogate(note.charAt(end - 1));
    return note.substring(0, split ? end - 1 : end) + CUT;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
