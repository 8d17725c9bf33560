package dev.lethe.ingress.authentication;

import io.javalin.http.Context;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** HTTP Basic, RFC 7617, in UTF-8. */
final class BasicAuthentication implements Authentication {
    private static final Pattern CREDENTIALS = Pattern.compile("(?i:Basic) +([A-Za-z0-9+/]+=*)");

    private final AcceptedSecrets credentials;

    BasicAuthentication(BasicConfig config) {
        // Compared as a whole: bytes that are no UTF-8 are simply not these.
        this.credentials = new AcceptedSecrets(config.passwords().stream()
                .map(password -> config.username() + ":" + password.reveal())
                .toList());
    }

    @Override
    public Optional<Refusal> refusal(Context call) {
        boolean known =
                RequestHeader.only(call, "Authorization").map(this::areKnown).orElse(false);
        return known ? Optional.empty() : Optional.of(Refusal.BASIC);
    }

    boolean areKnown(String authorization) {
        var matcher = CREDENTIALS.matcher(authorization);
        if (!matcher.matches()) {
            return false;
        }
        try {
            return credentials.contain(Base64.getDecoder().decode(matcher.group(1)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
