package io.kubeipvs.iptables;

import java.io.IOException;

/**
 * A tool said no. For a restore, the message names our line and its text with the tool's words:
 * {@code iptables-restore, line 12: `-A KUBE-SERVICES ...': Set X doesn't exist.}
 */
public final class IptablesException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String toolMessage;

  /**
   * @param line of our input, from 1; 0 when the tool named none
   */
  public IptablesException(String tool, int line, String lineText, String toolMessage) {
    super(tool + (line > 0 ? ", line " + line + ": `" + lineText + "'" : "") + ": " + toolMessage);
    this.line = line;
    this.toolMessage = toolMessage;
  }

  public int line() {
    return line;
  }

  public String toolMessage() {
    return toolMessage;
  }
}
