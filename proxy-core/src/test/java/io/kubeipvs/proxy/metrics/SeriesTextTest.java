package io.kubeipvs.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The text that samples are written in. */
class SeriesTextTest {
  @Test
  void labelsOfAnyTextStayLabels() throws IOException {
    SeriesText text = new SeriesText();
    text.add(Metric.IPSET_ENTRIES, 1, "a\"} 5\n\\b");
    StringWriter out = new StringWriter();
    text.writeTo(out);

    assertThat(out.toString()).endsWith("kubeipvs_ipset_entries{set=\"a\\\"} 5\\n\\\\b\"} 1\n");
  }
}
