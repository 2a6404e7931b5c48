package io.kubeipvs.proxy.cli;

import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.properties.PropertiesConfiguration;
import org.apache.logging.log4j.core.config.properties.PropertiesConfigurationFactory;

/**
 * Reads {@code log4j2.properties}, and sets the host's name, which nothing here prints. Log4j would
 * look it up at each start, and in a container that means asking DNS: which may not answer yet on a
 * node that boots, and whose Service is ours to make. Named in {@code log4j2.component.properties}.
 */
public final class LogConfiguration extends PropertiesConfigurationFactory {
  static final String HOST_NAME = "hostName";

  @Override
  public PropertiesConfiguration getConfiguration(
      LoggerContext context, ConfigurationSource source) {
    PropertiesConfiguration configuration = super.getConfiguration(context, source);
    configuration.getProperties().put(HOST_NAME, "localhost");
    return configuration;
  }
}
