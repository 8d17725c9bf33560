package dev.lethe.ingress.authentication;

import dev.lethe.config.Section;
import io.fusionauth.jwt.domain.Algorithm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which signatures of webhooks are accepted.
 *
 * @param algorithms the algorithms that are allowed, if the key is of their kind
 * @param keys configured keys by {@code kid}
 * @param jwks where further keys are published
 */
record SignatureConfig(Set<Algorithm> algorithms, Map<String, VerificationKey> keys, Optional<JwksConfig> jwks) {
    private static final Map<String, Algorithm> ALGORITHM_BY_NAME = Stream.of(
                    VerificationKey.PUBLIC_ALGORITHMS, VerificationKey.SECRET_ALGORITHMS)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableMap(Algorithm::name, algorithm -> algorithm));

    SignatureConfig {
        algorithms = Set.copyOf(algorithms);
        keys = Map.copyOf(keys);
    }

    static SignatureConfig read(Section section) {
        Map<String, VerificationKey> keys = readKeys(section);
        Optional<JwksConfig> jwks = JwksConfig.read(section);
        if (!section.has("keys") && !section.has("jwks")) {
            section.problem("keys", "is required, or jwks: without a key, no signature can be verified");
        }
        jwks.stream().flatMap(published -> published.kids().stream()).forEach(kid -> {
            if (keys.containsKey(kid)) {
                section.problem("kids", kid + " is under keys already");
            }
        });
        return new SignatureConfig(readAlgorithms(section, keys, jwks), keys, jwks);
    }

    private static Map<String, VerificationKey> readKeys(Section section) {
        var keys = new LinkedHashMap<String, VerificationKey>();
        Map<String, Section> configured = section.sectionByName("keys");
        if (section.has("keys") && configured.isEmpty()) {
            section.problem("keys", "must hold a key");
        }
        configured.forEach((kid, key) -> {
            try {
                readKey(key).ifPresent(usable -> keys.put(kid, usable));
            } catch (UnusableKeyException e) {
                section.problem("keys." + kid, String.valueOf(e.getMessage()));
            }
        });
        return keys;
    }

    private static Optional<VerificationKey> readKey(Section section) throws UnusableKeyException {
        // A secret too, so that a private key, put there by mistake, is not printed with the values in force.
        var pem = section.optionalSecret("pem");
        var secret = section.optionalSecret("secret");
        if (section.has("pem") == section.has("secret")) {
            section.problem("pem", "is required, or secret, and not both");
            return Optional.empty();
        }
        if (pem.isPresent()) {
            return Optional.of(VerificationKey.ofPem(pem.get().reveal()));
        }
        return secret.isPresent() ? Optional.of(VerificationKey.ofSecret(secret.get())) : Optional.empty();
    }

    /** By default all that the keys can do; HMAC only if there is a secret for it. */
    private static Set<Algorithm> readAlgorithms(
            Section section, Map<String, VerificationKey> keys, Optional<JwksConfig> jwks) {
        Set<Algorithm> possible = new TreeSet<>();
        keys.values().forEach(key -> possible.addAll(key.algorithms()));
        if (jwks.isPresent()) {
            possible.addAll(VerificationKey.PUBLIC_ALGORITHMS);
        }
        List<String> names = section.texts("algorithms");
        if (!section.has("algorithms")) {
            return possible;
        }
        Set<Algorithm> allowed = new TreeSet<>();
        for (String name : names) {
            Algorithm algorithm = ALGORITHM_BY_NAME.get(name);
            if (algorithm == null) {
                section.problem(
                        "algorithms",
                        name + " is none of " + String.join(", ", new TreeSet<>(ALGORITHM_BY_NAME.keySet())));
            } else if (!possible.contains(algorithm)) {
                section.problem("algorithms", name + " fits none of the keys");
            } else {
                allowed.add(algorithm);
            }
        }
        if (names.isEmpty()) {
            section.problem("algorithms", "must hold an algorithm; leave it out to allow all that fit the keys");
        }
        keys.forEach((kid, key) -> {
            if (!allowed.isEmpty() && key.algorithms().stream().noneMatch(allowed::contains)) {
                section.problem("keys." + kid, "fits none of the algorithms");
            }
        });
        return allowed;
    }
}
