package io.kubeipvs.proxy.source;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the documents of a YAML 1.2 text (of which JSON is a subset) one by one, as trees of {@code
 * Map<String, Object>}, {@code List<Object>}, {@code String}, {@code Long}, {@code Double}, {@code
 * Boolean} and null. Only one document is ever held, and straight from the parser's events: a
 * directory of 10,000 Services must fit into a small heap.
 *
 * <p>Refused, because they are mistakes or attacks: duplicate keys, merge keys (which YAML 1.2 does
 * not have, so that they would be ignored), nesting deeper than {@value #DEPTH_LIMIT}, more than
 * {@value #ALIAS_LIMIT} aliases, documents longer than {@value #LENGTH_LIMIT} characters.
 */
public final class YamlDocuments {
  static final int DEPTH_LIMIT = 50;
  static final int ALIAS_LIMIT = 100;
  static final int LENGTH_LIMIT = 16 << 20;

  private static final String STRING_TAG = "tag:yaml.org,2002:str";
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(LENGTH_LIMIT).setUseMarks(true).build();

  private final Iterator<Event> events;
  private final Map<Anchor, Optional<Object>> anchors = new HashMap<>();
  private int aliases;

  public YamlDocuments(String text) {
    events = new Parse(SETTINGS).parseReader(new StringReader(text)).iterator();
  }

  /** The next document, null for an empty one; or nothing when there are no more. */
  public Optional<Document> next() throws UnreadableYamlException {
    try {
      while (events.hasNext()) {
        if (events.next() instanceof DocumentStartEvent) {
          anchors.clear();
          aliases = 0;
          return Optional.of(new Document(node(events.next(), 0)));
        }
      }
      return Optional.empty();
    } catch (MarkedYamlEngineException e) {
      throw unreadable(e);
    } catch (YamlEngineException e) {
      throw new UnreadableYamlException(Shown.clean(String.valueOf(e.getMessage())));
    }
  }

  private static UnreadableYamlException unreadable(MarkedYamlEngineException e) {
    String place =
        e.getProblemMark()
            .map(mark -> "line %d, column %d: ".formatted(mark.getLine() + 1, mark.getColumn() + 1))
            .orElse("");
    return new UnreadableYamlException(place + Shown.clean(e.getProblem()));
  }

  private @Nullable Object node(Event event, int depth) throws UnreadableYamlException {
    if (depth > DEPTH_LIMIT) {
      throw unreadable(event, "nested deeper than " + DEPTH_LIMIT);
    }
    if (event instanceof AliasEvent alias) {
      return resolve(alias);
    }
    Object value = value(event, depth);
    Optional<Anchor> anchor = event instanceof NodeEvent node ? node.getAnchor() : Optional.empty();
    anchor.ifPresent(name -> anchors.put(name, Optional.ofNullable(value)));
    return value;
  }

  private @Nullable Object value(Event event, int depth) throws UnreadableYamlException {
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar);
    }
    if (event instanceof SequenceStartEvent) {
      return sequence(depth);
    }
    if (event instanceof MappingStartEvent) {
      return mapping(depth);
    }
    throw unreadable(event, "unexpected " + event.getEventId());
  }

  /** An anchor counts from its node's end on, so no tree contains itself. */
  private @Nullable Object resolve(AliasEvent alias) throws UnreadableYamlException {
    Optional<Object> value = anchors.get(alias.getAlias());
    if (value == null) {
      throw unreadable(alias, "undefined alias " + Shown.clean(alias.getAlias().getValue()));
    }
    aliases++;
    if (aliases > ALIAS_LIMIT) {
      throw unreadable(alias, "more than " + ALIAS_LIMIT + " aliases");
    }
    return value.orElse(null);
  }

  private List<@Nullable Object> sequence(int depth) throws UnreadableYamlException {
    List<@Nullable Object> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, depth + 1));
    }
    return items;
  }

  private Map<String, @Nullable Object> mapping(int depth) throws UnreadableYamlException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      String key = key(event);
      if (members.containsKey(key)) {
        throw unreadable(event, "duplicate key " + Shown.clean(key));
      }
      members.put(key, node(events.next(), depth + 1));
    }
    return members;
  }

  private static String key(Event event) throws UnreadableYamlException {
    if (!(event instanceof ScalarEvent scalar)) {
      throw unreadable(event, "a key that is not a text");
    }
    if (scalar.isPlain() && scalar.getValue().equals("<<")) {
      throw unreadable(event, "a merge key (<<), which YAML 1.2 does not have");
    }
    return scalar.getValue();
  }

  private static @Nullable Object scalar(ScalarEvent event) throws UnreadableYamlException {
    Optional<String> tag = event.getTag();
    if (tag.isPresent() && !tag.get().equals(STRING_TAG) && !tag.get().equals("!")) {
      throw unreadable(event, "the tag " + Shown.clean(tag.get()));
    }
    return tag.isEmpty() && event.isPlain()
        ? PlainScalar.value(event.getValue())
        : event.getValue();
  }

  private static UnreadableYamlException unreadable(Event event, String message) {
    String place =
        event
            .getStartMark()
            .map(mark -> "line %d, column %d: ".formatted(mark.getLine() + 1, mark.getColumn() + 1))
            .orElse("");
    return new UnreadableYamlException(place + message);
  }

  /** A document's root; null for an empty one. */
  public record Document(@Nullable Object root) {}
}
