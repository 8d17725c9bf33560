package dev.lethe.ingress.authentication;

import dev.lethe.config.Secret;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** An API key as it stands in a header, in the manner of FusionAuth's own API: without a scheme before it. */
final class ApiKeyAuthentication implements Authentication {
    private final String header;
    private final AcceptedSecrets keys;

    ApiKeyAuthentication(String header, List<Secret> keys) {
        this.header = header;
        this.keys = new AcceptedSecrets(keys.stream().map(Secret::reveal).toList());
    }

    @Override
    public Optional<Refusal> refusal(Context call) {
        boolean known = RequestHeader.only(call, header)
                .map(presented -> keys.contain(presented.getBytes(StandardCharsets.UTF_8)))
                .orElse(false);
        return known ? Optional.empty() : Optional.of(Refusal.API_KEY);
    }
}
