package dev.lethe.ingress.authentication;

import dev.lethe.config.Secret;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** An API key as it is in {@code Authorization}, in the manner of FusionAuth's own API: without a scheme before it. */
final class ApiKeyAuthentication implements Authentication {
    private final List<byte[]> keys;

    ApiKeyAuthentication(List<Secret> keys) {
        this.keys = keys.stream()
                .map(key -> key.reveal().getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public Optional<String> refusal(Context call, byte[] body) {
        String header = call.header("Authorization");
        byte[] presented = header == null ? new byte[0] : header.getBytes(StandardCharsets.UTF_8);
        boolean known = false;
        for (byte[] key : keys) {
            // All are compared, so that the time taken tells nothing about which one is near.
            known |= MessageDigest.isEqual(key, presented);
        }
        return known ? Optional.empty() : Optional.of("API_KEY");
    }
}
