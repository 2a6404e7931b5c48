package io.kubeipvs.proxy.source.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Commands to a stand-in in another process, one a line, each answered by a line when it is done.
 */
final class StandInCommands {
  private static final String DONE = "done";

  private final ApiStandIn api;
  private final BufferedReader in;
  private final PrintStream out;

  StandInCommands(ApiStandIn api, InputStream in, PrintStream out) {
    this.api = api;
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = out;
  }

  void start() {
    Thread thread = new Thread(this::run, "commands");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(answer(line));
        out.flush();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String answer(String command) throws IOException {
    switch (command) {
      case "stop" -> api.stop();
      case "restart" -> api.restart();
      case "empty" -> {
        api.hide(key -> true);
        api.put("namespaces", "/later", "{\"metadata\":{\"name\":\"later\"}}");
        api.compact();
        api.endWatches();
      }
      case "whole" -> {
        api.hide(key -> false);
        api.endWatches();
      }
      case "rights" -> {
        return api.requests().stream()
            .map(ApiStandIn.Request::right)
            .distinct()
            .sorted()
            .collect(Collectors.joining(","));
      }
      case "lists" -> {
        return String.valueOf(
            List.of("services", "endpointslices").stream()
                .mapToLong(resource -> api.count("list", resource))
                .min()
                .orElse(0));
      }
      case "events" -> {
        return String.join(",", api.objects("events"));
      }
      default -> {
        return "no such command: " + command;
      }
    }
    return DONE;
  }
}
