package io.kubeipvs.proxy.source.kubernetes;

/**
 * Whether what a list lacks may be taken for gone. A broken API server, or a proxy before it, can
 * answer with an empty or a half list and success; deletions seen in a watch are not concerned.
 *
 * <p>Every cluster has the Service {@code default/kubernetes} and its slice: the API server makes
 * them itself, and anew if somebody deletes them. A list without it, though it was there before, is
 * never believed. A list that lacks much is believed when a later one agrees.
 */
enum ListJudge {
  /** What is not in the list is gone. */
  BELIEVE,
  /** What is not in the list is gone if it is not in the next one either. */
  CONFIRM,
  /** What is not in the list stays until there is a better one. */
  REFUSE;

  /** One object may well go while nobody watches. */
  private static final int FEW = 1;

  /**
   * The verdict on a list.
   *
   * @param known how many objects there were before
   * @param missing how many of them the list does not have, and no former list lacked
   * @param witnessMissing {@code default/kubernetes} was known and is not in the list
   */
  static ListJudge judge(int known, int missing, boolean witnessMissing) {
    if (witnessMissing) {
      return REFUSE;
    }
    return missing > FEW && missing > known / 4 ? CONFIRM : BELIEVE;
  }
}
