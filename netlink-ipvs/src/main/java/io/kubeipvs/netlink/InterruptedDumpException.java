package io.kubeipvs.netlink;

import java.io.IOException;

/**
 * The table changed while it was being read ({@code NLM_F_DUMP_INTR}), every time it was tried:
 * what was read may lack or repeat entries and is not handed out.
 */
public final class InterruptedDumpException extends IOException {
  private static final long serialVersionUID = 1L;

  public InterruptedDumpException(String request, int tries) {
    super(request + ": the table changed while it was read, " + tries + " times in a row");
  }
}
