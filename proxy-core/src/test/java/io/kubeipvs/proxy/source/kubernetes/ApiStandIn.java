package io.kubeipvs.proxy.source.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An API server in small: lists in pages and watches of Services, EndpointSlices and Nodes, and
 * writing of these, of Events and Namespaces. It can be told to misbehave as real ones, and what
 * stands before them, do.
 */
public final class ApiStandIn implements AutoCloseable {
  private static final String SERVICES = "services";
  private static final String SLICES = "endpointslices";
  private static final String NODES = "nodes";
  private static final String NAMESPACES = "namespaces";

  private final ApiStore store =
      new ApiStore(List.of(SERVICES, SLICES, NODES, NAMESPACES, "events"));
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Deque<Misbehaviour>> misbehaviours = new HashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "api-stand-in");
            thread.setDaemon(true);
            return thread;
          });
  private HttpServer server;

  /** A request as it came. */
  public record Request(
      String method, String path, Map<String, String> query, String token, String body) {
    public String verb() {
      return switch (method) {
        case "POST" -> "create";
        case "PUT" -> "update";
        case "DELETE" -> "delete";
        default -> readingVerb();
      };
    }

    private String readingVerb() {
      if (query.getOrDefault("watch", "false").equals("true")) {
        return "watch";
      }
      return ApiPath.of(path).name().isEmpty() ? "list" : "get";
    }

    public String resource() {
      return ApiPath.of(path).resource();
    }

    /** As {@link GrantedRights} has it. */
    public String right() {
      String group = ApiPath.of(path).group();
      return verb() + " " + (group.isEmpty() ? "" : group + "/") + resource();
    }
  }

  /** Answers in the place of the server. */
  @FunctionalInterface
  public interface Misbehaviour {
    void answer(HttpExchange exchange) throws IOException;
  }

  public ApiStandIn() throws IOException {
    server = started(0);
  }

  private HttpServer started(int port) throws IOException {
    HttpServer made =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    made.createContext("/", this::handle);
    made.setExecutor(threads);
    made.start();
    return made;
  }

  public synchronized int port() {
    return server.getAddress().getPort();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** Ends all connections; nothing answers any more. */
  public synchronized void stop() {
    endWatches();
    server.stop(0);
  }

  /** Answers again, at the same port. */
  public synchronized void restart() throws IOException {
    server = started(port());
  }

  public void endWatches() {
    store.endWatches();
  }

  /** Forgets what happened so far: who wants to resume from before gets 410. */
  public void compact() {
    store.compact();
  }

  /** Lists lack what matches, of the form {@code services default/web}. */
  public void hide(Predicate<String> keys) {
    store.hide(keys);
  }

  /** The next requests of that kind ({@code list services}) are answered so, one each. */
  public synchronized void misbehave(String request, Misbehaviour... answers) {
    misbehaviours
        .computeIfAbsent(request, r -> new ConcurrentLinkedDeque<>())
        .addAll(List.of(answers));
  }

  public static Misbehaviour status(int status, String message) {
    return exchange -> send(exchange, status, ObjectText.status(status, message));
  }

  public static Misbehaviour body(String text) {
    return exchange -> send(exchange, 200, text);
  }

  /** Headers, and then nothing. */
  public static Misbehaviour silence() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().flush();
    };
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public long count(String verb, String resource) {
    return requests.stream()
        .filter(r -> r.verb().equals(verb) && r.resource().equals(resource))
        .count();
  }

  // What is there.

  /** The objects of a kind, as they are. */
  public List<String> objects(String resource) {
    return store.all(resource);
  }

  public void service(String namespace, String name, String clusterIp) {
    put(SERVICES, namespace + "/" + name, ObjectText.service(namespace, name, clusterIp));
  }

  /** A slice of the Service of the same name, with these endpoints. */
  public void slice(String namespace, String name, String... addresses) {
    put(SLICES, namespace + "/" + name, ObjectText.slice(namespace, name, List.of(addresses)));
  }

  /** The Service every cluster has, with one endpoint. */
  public void kubernetes() {
    service("default", "kubernetes", "10.96.0.1");
    slice("default", "kubernetes", "192.0.2.1");
  }

  public void node(String name, String zone, String address) {
    put(NODES, "/" + name, ObjectText.node(name, zone, address));
  }

  /** Puts an object, without a resourceVersion: it gets one. */
  public void put(String resource, String key, String object) {
    store.put(resource, key, object);
  }

  public void delete(String resource, String key) {
    store.delete(resource, key);
  }

  // How it answers.

  private void handle(HttpExchange exchange) throws IOException {
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    long arrived = store.epoch(); // before the request can be seen: who saw it can end its watch
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            query(exchange.getRequestURI()),
            token == null ? "" : token,
            body);
    requests.add(request);
    Misbehaviour next = misbehaviour(request.verb() + " " + request.resource());
    if (next != null) {
      next.answer(exchange);
    } else if (!store.has(request.resource())) {
      status(404, "no such thing").answer(exchange);
    } else {
      switch (request.verb()) {
        case "watch" -> watch(exchange, request, arrived);
        case "list" -> send(exchange, 200, ObjectText.list(page(request)));
        case "create", "update" -> write(exchange, request);
        case "delete" -> remove(exchange, request);
        default -> get(exchange, ApiPath.of(request.path()));
      }
    }
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new TreeMap<>();
    if (uri.getRawQuery() != null) {
      for (String pair : uri.getRawQuery().split("&", -1)) {
        String[] parts = pair.split("=", 2);
        query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private synchronized @Nullable Misbehaviour misbehaviour(String request) {
    Deque<Misbehaviour> left = misbehaviours.get(request);
    return left == null ? null : left.poll();
  }

  private void get(HttpExchange exchange, ApiPath path) throws IOException {
    String found = store.get(path.resource(), path.key());
    send(exchange, found == null ? 404 : 200, found == null ? "{}" : found);
  }

  private ApiStore.Page page(Request request) {
    ApiPath path = ApiPath.of(request.path());
    return store.page(
        path.resource(),
        key -> path.covers(key) && isSelected(request, key),
        request.query().getOrDefault("continue", ""),
        Integer.parseInt(request.query().getOrDefault("limit", "1000000")));
  }

  private static boolean isSelected(Request request, String key) {
    String field = request.query().getOrDefault("fieldSelector", "");
    return !field.startsWith("metadata.name=")
        || key.endsWith("/" + field.substring("metadata.name=".length()));
  }

  /** Whoever writes says all of the object; the server adds where it belongs. */
  private synchronized void write(HttpExchange exchange, Request request) throws IOException {
    ApiPath path = ApiPath.of(request.path());
    if (path.name().isEmpty()) {
      path = path.withName(ObjectText.nameIn(request.body()));
    }
    boolean exists = store.get(path.resource(), path.key()) != null;
    if (path.name().isEmpty()) {
      status(400, "the object is not JSON, or has no name").answer(exchange);
    } else if (exists && request.verb().equals("create")) {
      status(409, "already exists").answer(exchange);
    } else {
      store.put(path.resource(), path.key(), completed(request.body(), path));
      String stored = Objects.requireNonNull(store.get(path.resource(), path.key()));
      send(exchange, exists ? 200 : 201, stored);
    }
  }

  private String completed(String object, ApiPath path) {
    String placed = ObjectText.withNamespace(object, path.namespace());
    return path.resource().equals(SERVICES)
        ? ObjectText.withClusterIp(placed, "10.96.200." + store.version() % 250)
        : placed;
  }

  private synchronized void remove(HttpExchange exchange, Request request) throws IOException {
    ApiPath path = ApiPath.of(request.path());
    if (store.get(path.resource(), path.key()) == null) {
      status(404, "no such object").answer(exchange);
      return;
    }
    store.delete(path.resource(), path.key());
    if (path.resource().equals(NAMESPACES)) {
      store.deleteNamespace(path.name());
    }
    send(exchange, 200, "{}");
  }

  private void watch(HttpExchange exchange, Request request, long arrived) throws IOException {
    long from = Long.parseLong(request.query().getOrDefault("resourceVersion", "0"));
    long seconds = Long.parseLong(request.query().getOrDefault("timeoutSeconds", "60"));
    long deadline = System.nanoTime() + seconds * 1_000_000_000;
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.flush();
      if (store.isForgotten(request.resource(), from)) {
        tell(out, "ERROR", "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}");
        return;
      }
      follow(request.resource(), from, arrived, deadline, out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(String resource, long from, long epoch, long deadline, OutputStream out)
      throws IOException, InterruptedException {
    long told = from;
    for (List<ApiStore.Event> events = store.next(resource, told, epoch, deadline);
        events != null;
        events = store.next(resource, told, epoch, deadline)) {
      for (ApiStore.Event event : events) {
        tell(out, event.type(), event.object());
        told = event.version();
      }
    }
  }

  private static void tell(OutputStream out, String type, String object) throws IOException {
    out.write(ObjectText.event(type, object).getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    stop();
    threads.shutdownNow();
  }
}
