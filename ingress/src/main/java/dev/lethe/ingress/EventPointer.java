package dev.lethe.ingress;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JSON pointer (RFC 6901) into the event that may also go through lists: a segment {@code *} stands for every element, and
 * {@code [type=email]} for those whose field {@code type} is {@code email}.
 */
record EventPointer(String text, List<String> segments) {
    private static final Pattern SELECTION = Pattern.compile("\\[([^=\\]]+)=([^\\]]*)]");

    /** @throws IllegalArgumentException if this is no pointer */
    static EventPointer parse(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no JSON pointer; it starts with a slash, as in /user/email");
        }
        var segments = new ArrayList<String>();
        for (String segment : text.substring(1).split("/", -1)) {
            segments.add(segment.replace("~1", "/").replace("~0", "~"));
        }
        return new EventPointer(text, List.copyOf(segments));
    }

    /** How far it is a pointer of RFC 6901: up to the first list that it goes through. */
    String withoutSelection() {
        var plain = new StringBuilder();
        for (String segment : segments) {
            if (segment.equals("*") || SELECTION.matcher(segment).matches()) {
                break;
            }
            plain.append('/').append(segment.replace("~", "~0").replace("/", "~1"));
        }
        return plain.toString();
    }

    /** The texts, numbers and flags that it leads to, in the event's order; blank ones are none. */
    List<String> valuesIn(JsonNode event) {
        Stream<JsonNode> found = Stream.of(event);
        for (String segment : segments) {
            found = found.flatMap(node -> step(node, segment));
        }
        return found.filter(JsonNode::isValueNode)
                .filter(node -> !node.isNull())
                .map(JsonNode::asText)
                .filter(value -> !value.isBlank())
                .toList();
    }

    private static Stream<JsonNode> step(JsonNode node, String segment) {
        if (!node.isArray()) {
            return Stream.of(node.path(segment));
        }
        if (segment.equals("*")) {
            return node.valueStream();
        }
        var selection = SELECTION.matcher(segment);
        if (selection.matches()) {
            String field = selection.group(1);
            String wanted = selection.group(2);
            return node.valueStream()
                    .filter(element -> element.path(field).asText().equals(wanted));
        }
        return segment.matches("0|[1-9][0-9]{0,8}") ? Stream.of(node.path(Integer.parseInt(segment))) : Stream.empty();
    }
}
