package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.Test;

class LogConfigurationTest {
  @Test
  void theHostsNameIsNotLookedUp() {
    LoggerContext context = LoggerContext.getContext(false);
    assertThat(context.getConfiguration().getProperties())
        .containsEntry(LogConfiguration.HOST_NAME, "localhost");
  }
}
