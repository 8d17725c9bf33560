package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Collects what is wrong with a request, in FusionAuth's format. */
final class ApiErrors {

    private final ObjectNode json = Json.object();
    private final ObjectNode fieldErrors = json.putObject("fieldErrors");

    ApiErrors() {
        json.putArray("generalErrors");
    }

    /** The code is FusionAuth's {@code [kind]field}. */
    void field(String field, String kind, String message) {
        fieldErrors
                .withArray(field)
                .addObject()
                .put("code", "[" + kind + "]" + field)
                .put("message", message);
    }

    void general(String code, String message) {
        json.withArray("generalErrors").addObject().put("code", code).put("message", message);
    }

    void throwIfAny() {
        if (!fieldErrors.isEmpty() || !json.withArray("generalErrors").isEmpty()) {
            throw ApiException.badRequest(json);
        }
    }

    ObjectNode toJson() {
        return json;
    }
}
