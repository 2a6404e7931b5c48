package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.metrics.MetricNames;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Flags of the servers, in kube-proxy's names and with its defaults. */
final class ServerOptions {
  private static final int HEALTHZ_PORT = 10256;
  private static final int METRICS_PORT = 10249;

  @Option(
      names = "--healthz-bind-address",
      defaultValue = "0.0.0.0:10256",
      paramLabel = "ADDRESS[:PORT]",
      converter = Healthz.class,
      description =
          "where /healthz and /livez are served; empty for nowhere (default: ${DEFAULT-VALUE})")
  BindAddress healthz = BindAddress.parse("0.0.0.0:10256", HEALTHZ_PORT);

  @Option(
      names = "--metrics-bind-address",
      defaultValue = "127.0.0.1:10249",
      paramLabel = "ADDRESS[:PORT]",
      converter = Metrics.class,
      description =
          "where /metrics, /proxyMode and /configz are served; empty for nowhere (default:"
              + " ${DEFAULT-VALUE})")
  BindAddress metrics = BindAddress.parse("127.0.0.1:10249", METRICS_PORT);

  @Option(
      names = "--bind-address-hard-fail",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "exit when an address cannot be had, instead of trying again each 5 s")
  boolean hardFail;

  @Option(
      names = "--metrics-detail-limit",
      defaultValue = "2000",
      paramLabel = "N",
      converter = Count.class,
      description =
          "how many virtual services and real servers /metrics shows one by one (default:"
              + " ${DEFAULT-VALUE})")
  int detailLimit = 2000;

  @Option(
      names = "--metrics-names",
      split = ",",
      paramLabel = "node-exporter|kube-router",
      converter = Names.class,
      description = "serve figures under the names of these exporters too")
  List<MetricNames> metricNames = new ArrayList<>();

  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      try {
        int count = Integer.parseInt(value);
        if (count >= 0) {
          return count;
        }
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + value + "' is not a number of 0 or more");
      }
      throw new TypeConversionException("'" + value + "' is not a number of 0 or more");
    }
  }

  static final class Names implements ITypeConverter<MetricNames> {
    @Override
    public MetricNames convert(String value) {
      return switch (value.strip()) {
        case "node-exporter" -> MetricNames.NODE_EXPORTER;
        case "kube-router" -> MetricNames.KUBE_ROUTER;
        default ->
            throw new TypeConversionException(
                "'" + value + "' is none of node-exporter, kube-router");
      };
    }
  }

  static final class Healthz implements ITypeConverter<BindAddress> {
    @Override
    public BindAddress convert(String value) {
      return parsed(value, HEALTHZ_PORT);
    }
  }

  static final class Metrics implements ITypeConverter<BindAddress> {
    @Override
    public BindAddress convert(String value) {
      return parsed(value, METRICS_PORT);
    }
  }

  private static BindAddress parsed(String value, int defaultPort) {
    try {
      return BindAddress.parse(value, defaultPort);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
