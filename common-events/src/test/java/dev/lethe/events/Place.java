package dev.lethe.events;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Where a record is torn at, whatever its length: in ten-thousandths of the way.
 *
 * @param part 0 to 9,999
 */
record Place(int part) {
    static final int PARTS = 10_000;

    int in(int length) {
        return part * length / PARTS;
    }

    int in(byte[] bytes) {
        return in(bytes.length);
    }

    JsonPointer among(JsonNode tree) {
        var fields = Json.fields(tree);
        return fields.get(in(fields.size()));
    }
}
