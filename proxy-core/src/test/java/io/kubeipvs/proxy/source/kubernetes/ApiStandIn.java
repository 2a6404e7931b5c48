package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
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
import java.util.NavigableMap;
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

  /** Events of a kind that a watch can be resumed from. */
  private static final int HISTORY = 10_000;

  private final Map<String, NavigableMap<String, String>> objects = new HashMap<>();
  private final Map<String, NavigableMap<Long, Event>> history = new HashMap<>();

  /** What happened up to there is forgotten, by resource. */
  private final Map<String, Long> oldest = new HashMap<>();

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
  private long version = 100;
  private long epoch;
  private Predicate<String> hidden = key -> false;

  private record Event(long version, String type, String object) {}

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
    for (String resource : List.of(SERVICES, SLICES, NODES, NAMESPACES, "events")) {
      objects.put(resource, new TreeMap<>());
      history.put(resource, new TreeMap<>());
      oldest.put(resource, 0L);
    }
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

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Ends all connections; nothing answers any more. */
  public synchronized void stop() {
    epoch++;
    notifyAll();
    server.stop(0);
  }

  /** Answers again, at the same port. */
  public synchronized void restart() throws IOException {
    server = started(server.getAddress().getPort());
  }

  /** Ends all watches. */
  public synchronized void endWatches() {
    epoch++;
    notifyAll();
  }

  /** Forgets what happened so far: who wants to resume from before gets 410. */
  public synchronized void compact() {
    oldest.replaceAll((resource, former) -> version);
    history.values().forEach(Map::clear);
  }

  /** Lists lack what matches, of the form {@code services default/web}. */
  public synchronized void hide(Predicate<String> keys) {
    hidden = keys;
  }

  /** The next requests of that kind ({@code list services}) are answered so, one each. */
  public synchronized void misbehave(String request, Misbehaviour... answers) {
    misbehaviours
        .computeIfAbsent(request, r -> new ConcurrentLinkedDeque<>())
        .addAll(List.of(answers));
  }

  public static Misbehaviour status(int status, String message) {
    return exchange ->
        send(
            exchange,
            status,
            "{\"kind\":\"Status\",\"code\":%d,\"message\":\"%s\"}".formatted(status, message));
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
  public synchronized List<String> objects(String resource) {
    return List.copyOf(objectsOf(resource).values());
  }

  public void service(String namespace, String name, String clusterIp) {
    put(
        SERVICES,
        namespace + "/" + name,
        """
        {"kind":"Service","apiVersion":"v1","metadata":{"name":"%s","namespace":"%s","uid":"u-%s",\
        "creationTimestamp":"2026-01-01T00:00:00Z","managedFields":[{"manager":"kubectl"}]},\
        "spec":{"clusterIP":"%s","clusterIPs":["%s"],"ipFamilies":["IPv4"],"type":"ClusterIP",\
        "ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}],\
        "sessionAffinity":"None","internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}"""
            .formatted(name, namespace, name, clusterIp, clusterIp));
  }

  /** A slice of the Service of the same name, with these endpoints. */
  public void slice(String namespace, String name, String... addresses) {
    StringBuilder endpoints = new StringBuilder();
    for (String address : addresses) {
      endpoints.append(endpoints.isEmpty() ? "" : ",");
      endpoints
          .append("{\"addresses\":[\"")
          .append(address)
          .append("\"],\"conditions\":{\"ready\":true,\"serving\":true,\"terminating\":false},")
          .append("\"nodeName\":\"node1\",\"targetRef\":{\"kind\":\"Pod\",\"name\":\"pod\"}}");
    }
    put(
        SLICES,
        namespace + "/" + name,
        """
        {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"%s",\
        "namespace":"%s","labels":{"kubernetes.io/service-name":"%s"}},"addressType":"IPv4",\
        "ports":[{"name":"http","protocol":"TCP","port":8080}],"endpoints":[%s]}"""
            .formatted(name, namespace, name, endpoints));
  }

  /** The Service every cluster has, with one endpoint. */
  public void kubernetes() {
    service("default", "kubernetes", "10.96.0.1");
    slice("default", "kubernetes", "192.0.2.1");
  }

  public void node(String name, String zone, String address) {
    put(
        NODES,
        "/" + name,
        """
        {"kind":"Node","apiVersion":"v1","metadata":{"name":"%s","labels":\
        {"topology.kubernetes.io/zone":"%s"}},"spec":{"podCIDR":"10.244.1.0/24"},\
        "status":{"addresses":[{"type":"InternalIP","address":"%s"}]}}"""
            .formatted(name, zone, address));
  }

  /** Puts an object, without a resourceVersion: it gets one. */
  public synchronized void put(String resource, String key, String object) {
    version++;
    String stamped =
        object.replaceFirst(
            "\"metadata\":\\{", "\"metadata\":{\"resourceVersion\":\"" + version + "\",");
    String former = objectsOf(resource).put(key, stamped);
    happened(resource, new Event(version, former == null ? "ADDED" : "MODIFIED", stamped));
  }

  public synchronized void delete(String resource, String key) {
    version++;
    String gone = Objects.requireNonNull(objectsOf(resource).remove(key));
    String stamped =
        gone.replaceFirst(
            "\"resourceVersion\":\"\\d+\"", "\"resourceVersion\":\"" + version + "\"");
    happened(resource, new Event(version, "DELETED", stamped));
  }

  private void happened(String resource, Event event) {
    NavigableMap<Long, Event> events = historyOf(resource);
    events.put(event.version(), event);
    if (events.size() > HISTORY) {
      oldest.put(resource, events.pollFirstEntry().getKey());
    }
    notifyAll();
  }

  // How it answers.

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, String> query = query(exchange.getRequestURI());
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    long arrived = epoch(); // before the request can be seen: whoever saw it can end its watch
    Request request =
        new Request(exchange.getRequestMethod(), path, query, token == null ? "" : token, body);
    requests.add(request);
    Misbehaviour next = misbehaviour(request.verb() + " " + request.resource());
    if (next != null) {
      next.answer(exchange);
    } else if (!objects.containsKey(request.resource())) {
      status(404, "no such thing").answer(exchange);
    } else {
      switch (request.verb()) {
        case "watch" -> watch(exchange, request, arrived);
        case "list" -> send(exchange, 200, page(request));
        case "create", "update" -> write(exchange, request);
        case "delete" -> remove(exchange, request);
        default -> get(exchange, request);
      }
    }
  }

  private synchronized void get(HttpExchange exchange, Request request) throws IOException {
    ApiPath path = ApiPath.of(request.path());
    String found = objectsOf(path.resource()).get(path.namespace() + "/" + path.name());
    send(exchange, found == null ? 404 : 200, found == null ? "{}" : found);
  }

  /** Whoever writes says all of the object; the server adds where it belongs. */
  private synchronized void write(HttpExchange exchange, Request request) throws IOException {
    ApiPath path = ApiPath.of(request.path());
    String name = path.name().isEmpty() ? nameOf(request.body()) : path.name();
    String key = path.namespace() + "/" + name;
    boolean exists = objectsOf(path.resource()).containsKey(key);
    if (name.isEmpty()) {
      status(400, "the object is not JSON, or has no name").answer(exchange);
    } else if (exists && request.verb().equals("create")) {
      status(409, "already exists").answer(exchange);
    } else {
      String object = withNamespace(request.body(), path.namespace());
      put(path.resource(), key, path.resource().equals(SERVICES) ? withAddress(object) : object);
      send(
          exchange,
          exists ? 200 : 201,
          Objects.requireNonNull(objectsOf(path.resource()).get(key)));
    }
  }

  private static String nameOf(String body) {
    try (JsonParser parser = new JsonFactory().createParser(body)) {
      parser.nextToken();
      Object tree = JsonTree.read(parser);
      return tree == null ? "" : ApiObject.metadata(tree, "name").orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /** A Service that names no cluster IP gets one. */
  private String withAddress(String service) {
    return service.contains("\"clusterIP\"")
        ? service
        : service.replaceFirst(
            "\"spec\":\\{", "\"spec\":{\"clusterIP\":\"10.96.200." + version % 250 + "\",");
  }

  private static String withNamespace(String body, String namespace) {
    return namespace.isEmpty() || body.contains("\"namespace\":\"" + namespace + "\"")
        ? body
        : body.replaceFirst(
            "\"metadata\":\\{", "\"metadata\":{\"namespace\":\"" + namespace + "\",");
  }

  private synchronized void remove(HttpExchange exchange, Request request) throws IOException {
    ApiPath path = ApiPath.of(request.path());
    String key = path.namespace() + "/" + path.name();
    if (!objectsOf(path.resource()).containsKey(key)) {
      status(404, "no such object").answer(exchange);
      return;
    }
    delete(path.resource(), key);
    if (path.resource().equals(NAMESPACES)) {
      objects.forEach((resource, all) -> deleteAll(resource, path.name() + "/"));
    }
    send(exchange, 200, "{}");
  }

  private void deleteAll(String resource, String prefix) {
    List<String> keys =
        objectsOf(resource).keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    keys.forEach(key -> delete(resource, key));
  }

  private NavigableMap<String, String> objectsOf(String resource) {
    return Objects.requireNonNull(objects.get(resource));
  }

  private NavigableMap<Long, Event> historyOf(String resource) {
    return Objects.requireNonNull(history.get(resource));
  }

  private synchronized @Nullable Misbehaviour misbehaviour(String request) {
    Deque<Misbehaviour> left = misbehaviours.get(request);
    return left == null ? null : left.poll();
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

  private synchronized String page(Request request) {
    String resource = request.resource();
    int limit = Integer.parseInt(request.query().getOrDefault("limit", "1000000"));
    String after = request.query().getOrDefault("continue", "");
    StringBuilder items = new StringBuilder();
    String last = "";
    int count = 0;
    ApiPath path = ApiPath.of(request.path());
    for (Map.Entry<String, String> entry : objectsOf(resource).tailMap(after, false).entrySet()) {
      if (hidden.test(resource + " " + entry.getKey())
          || !path.covers(entry.getKey())
          || !isSelected(request, entry.getKey())) {
        continue;
      }
      if (count == limit) {
        return list(items, last);
      }
      items.append(count == 0 ? "" : ",").append(entry.getValue());
      last = entry.getKey();
      count++;
    }
    return list(items, "");
  }

  private String list(StringBuilder items, String more) {
    return "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"%d\",\"continue\":\"%s\"},\"items\":[%s]}\n"
        .formatted(version, more, items);
  }

  private static boolean isSelected(Request request, String key) {
    String field = request.query().getOrDefault("fieldSelector", "");
    return !field.startsWith("metadata.name=")
        || key.endsWith("/" + field.substring("metadata.name=".length()));
  }

  private void watch(HttpExchange exchange, Request request, long arrived) throws IOException {
    long from = Long.parseLong(request.query().getOrDefault("resourceVersion", "0"));
    long seconds = Long.parseLong(request.query().getOrDefault("timeoutSeconds", "60"));
    long deadline = System.nanoTime() + seconds * 1_000_000_000;
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.flush();
      if (isTooOld(request.resource(), from)) {
        write(out, "ERROR", "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}");
        return;
      }
      follow(request, from, arrived, deadline, out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized long epoch() {
    return epoch;
  }

  private synchronized boolean isTooOld(String resource, long from) {
    return from < Objects.requireNonNull(oldest.get(resource));
  }

  private void follow(Request request, long from, long watchEpoch, long deadline, OutputStream out)
      throws IOException, InterruptedException {
    long sent = from;
    while (true) {
      List<Event> events = next(request, sent, watchEpoch, deadline);
      if (events == null) {
        return;
      }
      for (Event event : events) {
        write(out, event.type(), event.object());
        sent = event.version();
      }
    }
  }

  /** Null when the watch ends. */
  private synchronized @Nullable List<Event> next(
      Request request, long sent, long watchEpoch, long deadline) throws InterruptedException {
    while (epoch == watchEpoch && System.nanoTime() < deadline) {
      List<Event> events = List.copyOf(historyOf(request.resource()).tailMap(sent, false).values());
      if (!events.isEmpty()) {
        return events;
      }
      wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
    }
    return null;
  }

  private static void write(OutputStream out, String type, String object) throws IOException {
    String line = "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object);
    out.write(line.getBytes(StandardCharsets.UTF_8));
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
