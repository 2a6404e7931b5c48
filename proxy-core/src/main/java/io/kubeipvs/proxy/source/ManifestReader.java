package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the text of one file. A function of its arguments; used once. */
public final class ManifestReader {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String file;
  private final List<Service> services = new ArrayList<>();
  private final List<EndpointSlice> slices = new ArrayList<>();
  private final List<NodeInfo> nodes = new ArrayList<>();
  private final Set<Problem> problems = new LinkedHashSet<>();

  private ManifestReader(String file) {
    this.file = file;
  }

  /** All objects of a file: YAML or JSON, any number of documents, lists taken apart. */
  public static Manifest read(String file, byte[] content) {
    try {
      return new ManifestReader(file).read(decode(content));
    } catch (UnreadableYamlException e) {
      return Manifest.unreadable(file, "not YAML: " + e.getMessage());
    }
  }

  private static String decode(byte[] content) throws UnreadableYamlException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UnreadableYamlException("not UTF-8");
    }
  }

  private Manifest read(String text) throws UnreadableYamlException {
    YamlDocuments documents = new YamlDocuments(text);
    for (Optional<YamlDocuments.Document> next = documents.next();
        next.isPresent();
        next = documents.next()) {
      Object root = next.get().root();
      if (root != null) {
        add(Field.root(root, new Problems(file, "", problems)));
      }
    }
    return new Manifest(file, true, services, slices, nodes, List.copyOf(problems));
  }

  private void add(Field object) {
    Optional<String> version = object.get("apiVersion").requiredText();
    Optional<String> kind = object.get("kind").requiredText();
    if (version.isEmpty() || kind.isEmpty()) {
      return;
    }
    switch (version.get() + " " + kind.get()) {
      case "v1 List" -> object.get("items").items().forEach(this::addListed);
      case "v1 ServiceList" -> object.get("items").items().forEach(this::addService);
      case "v1 NodeList" -> object.get("items").items().forEach(this::addNode);
      case "discovery.k8s.io/v1 EndpointSliceList" ->
          object.get("items").items().forEach(this::addSlice);
      default -> addSingle(version.get(), kind.get(), object);
    }
  }

  /** Lists in lists are not taken apart: with aliases a short text would make endless ones. */
  private void addListed(Field item) {
    Optional<String> version = item.get("apiVersion").requiredText();
    Optional<String> kind = item.get("kind").requiredText();
    if (version.isPresent() && kind.isPresent()) {
      addSingle(version.get(), kind.get(), item);
    }
  }

  private void addSingle(String version, String kind, Field object) {
    switch (version + " " + kind) {
      case "v1 Service" -> addService(object);
      case "v1 Node" -> addNode(object);
      case "discovery.k8s.io/v1 EndpointSlice" -> addSlice(object);
      default -> {
        String shown = Shown.clean(version) + " " + Shown.clean(kind);
        problems.add(new Problem(file, "", "", "objects of kind " + shown + " are not read"));
      }
    }
  }

  private void addService(Field object) {
    ServiceMapper.map(object.as("Service")).ifPresent(services::add);
  }

  private void addSlice(Field object) {
    EndpointSliceMapper.map(object.as("EndpointSlice")).ifPresent(slices::add);
  }

  private void addNode(Field object) {
    NodeMapper.map(object.as("Node")).ifPresent(nodes::add);
  }
}
