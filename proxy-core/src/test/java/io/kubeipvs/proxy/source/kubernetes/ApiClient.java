package io.kubeipvs.proxy.source.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code ApiClient KUBECONFIG}: asks an API server what standard input says, {@code METHOD PATH
 * BODY} a line, and answers with a line: the status, and for GET the body.
 */
public final class ApiClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ApiServer api;

  private ApiClient(ApiServer api) {
    this.api = api;
  }

  public static void main(String[] arguments) throws IOException {
    Path kubeconfig = Path.of(arguments[0]);
    ApiClient client = new ApiClient(new HttpApiServer(() -> KubeConfig.read(kubeconfig)));
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", 3);
        System.out.println(client.ask(words[0], words[1], words.length > 2 ? words[2] : ""));
      }
    }
  }

  private String ask(String method, String path, String body) {
    try {
      if (method.equals("GET")) {
        try (InputStream answer = api.get(path, PATIENCE)) {
          String text = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
          return "200 " + text.replaceAll("\\s*\\n\\s*", "");
        }
      }
      api.send(method, path, body.getBytes(StandardCharsets.UTF_8));
      return "200";
    } catch (ApiRefusedException e) {
      return e.status() + " " + e.getMessage();
    } catch (IOException e) {
      return "0 " + e;
    }
  }
}
