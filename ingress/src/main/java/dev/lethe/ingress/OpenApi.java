package dev.lethe.ingress;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The OpenAPI 3.1 document of the ingress; a test holds it to the routes and the answers. */
final class OpenApi {
    private OpenApi() {}

    static String document() {
        try (InputStream stream = Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.json"))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
