package dev.lethe.worker.store.redis;

import dev.lethe.worker.store.Template;
import java.util.List;
import java.util.Map;

/**
 * A configured place.
 *
 * @param name a template of keys, or the key of a container
 * @param lookups how the subject is found there; one that matches is enough
 */
record Target(String name, Kind kind, List<Lookup> lookups) {
    enum Kind {
        KEY("", "UNLINK %s"),
        PATTERN("", "SCAN all keys, UNLINK %s"),
        HASH("hash", "HDEL %s"),
        SET("set", "SREM %s"),
        SORTED_SET("zset", "ZREM %s"),
        STREAM("stream", "XRANGE all entries, XDEL where %s");

        private final String type;
        private final String path;

        Kind(String type, String path) {
            this.type = type;
            this.path = path;
        }

        /** What TYPE says of a container's key; empty for keys themselves, which may be of any type. */
        String type() {
            return type;
        }
    }

    /** @param field the field of a stream's entry; empty elsewhere */
    record Lookup(String field, Template template) {
        @Override
        public String toString() {
            return field.isEmpty() ? template.text() : field + " = " + template.text();
        }
    }

    static Target ofKeys(Template template) {
        Kind kind = KeyPattern.isPattern(template) ? Kind.PATTERN : Kind.KEY;
        return new Target(template.text(), kind, List.of(new Lookup("", template)));
    }

    static Target ofMembers(String name, Kind kind, List<Template> templates) {
        return new Target(
                name,
                kind,
                templates.stream().map(template -> new Lookup("", template)).toList());
    }

    static Target ofEntries(String name, Map<String, Template> fields) {
        return new Target(
                name,
                Kind.STREAM,
                fields.entrySet().stream()
                        .map(field -> new Lookup(field.getKey(), field.getValue()))
                        .toList());
    }

    boolean isContainer() {
        return !kind.type().isEmpty();
    }

    /** How the subject's items are found and erased. */
    String path() {
        String what = String.join(", ", lookups.stream().map(Lookup::toString).toList());
        String key = kind == Kind.STREAM || !isContainer() ? "" : name + " ";
        return kind.path.formatted(key + what);
    }
}
