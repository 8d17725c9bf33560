package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** FusionAuth's JSON for human eyes: {@code ***} for header values, for passwords, and for whatever is called a secret or a key. */
final class Redaction {
    private static final Pattern SECRET =
            Pattern.compile(".*(password|secret|token|private_?key|api_?key)", Pattern.CASE_INSENSITIVE);
    private static final Pattern USER_INFO = Pattern.compile("//[^/@]*@");

    private Redaction() {}

    static String print(ObjectNode json) {
        return redacted(json).toPrettyString();
    }

    static ObjectNode redacted(ObjectNode json) {
        ObjectNode copy = json.deepCopy();
        redact(copy);
        return copy;
    }

    /** A URL without the credentials that may be in it. */
    static String url(String url) {
        return USER_INFO.matcher(url).replaceFirst("//***@");
    }

    private static void redact(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                String name = field.getKey();
                JsonNode value = field.getValue();
                if (value.isNull()) {
                    continue;
                }
                if (name.equals("headers") && value instanceof ObjectNode headers) {
                    headers.properties().forEach(header -> headers.put(header.getKey(), "***"));
                } else if (SECRET.matcher(name).matches()) {
                    object.put(name, "***");
                } else if (name.equals("url")) {
                    object.put(name, url(value.asText()));
                } else {
                    redact(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(Redaction::redact);
        }
    }
}
