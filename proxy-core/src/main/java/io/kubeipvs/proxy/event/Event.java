package io.kubeipvs.proxy.event;

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

  /** Longer notes are refused by the API. */
  public static final int NOTE_LIMIT = 1024;

  public Event {
    note = note.length() <= NOTE_LIMIT ? note : note.substring(0, NOTE_LIMIT - 1) + "…";
  }
}
