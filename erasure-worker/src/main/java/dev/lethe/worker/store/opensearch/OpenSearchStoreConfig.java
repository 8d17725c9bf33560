package dev.lethe.worker.store.opensearch;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import dev.lethe.worker.store.ClientTls;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to reach a cluster and where it holds personal data.
 *
 * @param url one address of the cluster, without credentials
 * @param login user and password, of the Basic scheme
 * @param apiKey instead of a login: the encoded key, of the scheme {@code ApiKey}
 * @param tls the files of TLS
 * @param indices the mapped indices by name: an index, an alias, a data stream, or a pattern of such
 * @param connections at most so many at a time
 * @param connectTimeout for a connection
 * @param requestTimeout for an answer; work that may take longer is a task of the cluster's
 * @param taskTimeout for such a task
 */
record OpenSearchStoreConfig(
        URI url,
        Optional<Login> login,
        Optional<Secret> apiKey,
        ClientTls tls,
        Map<String, Index> indices,
        int connections,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration taskTimeout) {
    private static final URI NOWHERE = URI.create("http://localhost:9200");
    /** What would be several expressions, an exclusion, a date of today, another cluster, or everything. */
    private static final Pattern NO_NAME = Pattern.compile("(?s).*[,<>:/\\\\|\"\\s#?].*|[-+_].*|\\*+");

    record Login(String username, Secret password) {}

    /**
     * One mapped index.
     *
     * @param subject the fields that hold an identifier of the subject, each with the identifier's name; a document is the
     *     subject's if any of them has one of its values
     * @param anonymize whether documents are changed instead of deleted
     * @param set what fields become
     * @param unset fields that go
     */
    record Index(Map<String, String> subject, boolean anonymize, Map<String, String> set, List<String> unset) {
        Index {
            subject = Collections.unmodifiableMap(new LinkedHashMap<>(subject));
            set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
            unset = List.copyOf(unset);
        }

        /** Whether a document, once anonymous, no longer has this field. */
        boolean clears(String field) {
            return set.keySet().stream().anyMatch(name -> covers(name, field))
                    || unset.stream().anyMatch(name -> covers(name, field));
        }

        private static boolean covers(String name, String field) {
            return field.equals(name) || field.startsWith(name + ".");
        }
    }

    private enum Action {
        DELETE,
        ANONYMIZE
    }

    OpenSearchStoreConfig {
        indices = Collections.unmodifiableMap(new LinkedHashMap<>(indices));
    }

    static OpenSearchStoreConfig read(Section section) {
        var config = new OpenSearchStoreConfig(
                url(section),
                login(section),
                section.optionalSecret("apiKey"),
                ClientTls.read(section.section("tls")),
                indices(section),
                section.integer("connections", 4, 1, 100),
                section.duration("connectTimeout", Duration.ofSeconds(3)),
                section.duration("requestTimeout", Duration.ofSeconds(30)),
                section.duration("taskTimeout", Duration.ofHours(1)));
        if (config.login.isPresent() && config.apiKey.isPresent()) {
            section.problem("apiKey", "can't be beside username and password: choose one");
        }
        if (config.indices.isEmpty()) {
            section.problem("indices", "must map an index, such as { profiles: { subject: { user_id: userId } } }");
        }
        return config;
    }

    private static URI url(Section section) {
        String text = section.text("url");
        if (text.isEmpty()) {
            return NOWHERE;
        }
        try {
            URI url = new URI(text);
            if (url.getRawUserInfo() != null) {
                section.problem("url", "must be without credentials: they belong into username and password");
                return NOWHERE;
            }
            boolean isWeb = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (isWeb && url.getHost() != null && url.getRawQuery() == null && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        section.problem("url", "must be an address such as https://search:9200");
        return NOWHERE;
    }

    private static Optional<Login> login(Section section) {
        Optional<String> username = section.optionalText("username");
        Optional<Secret> password = section.optionalSecret("password");
        if (username.isPresent() != password.isPresent()) {
            section.problem(
                    username.isPresent() ? "password" : "username",
                    "is required: username and password belong together");
        }
        return username.flatMap(name -> password.map(secret -> new Login(name, secret)));
    }

    private static Map<String, Index> indices(Section section) {
        var indices = new LinkedHashMap<String, Index>();
        section.sectionByName("indices").forEach((name, index) -> {
            if (NO_NAME.matcher(name).matches()) {
                section.problem(
                        "indices." + name, "must be the name of an index, alias or data stream, or a pattern of such");
            }
            indices.put(name, index(index));
        });
        return indices;
    }

    private static Index index(Section section) {
        var index = new Index(
                section.textByName("subject"),
                section.choice("action", Action.DELETE) == Action.ANONYMIZE,
                section.textByName("set"),
                section.texts("unset"));
        if (index.subject.isEmpty()) {
            section.problem("subject", "must name a field and its identifier, such as { user_id: userId }");
        }
        if (!index.anonymize && (!index.set.isEmpty() || !index.unset.isEmpty())) {
            section.problem("action", "must be anonymize where set or unset is given");
        }
        if (index.anonymize) {
            index.subject.keySet().stream()
                    .filter(field -> !index.clears(field))
                    .forEach(field -> section.problem(
                            "subject." + field, "must also be in set or unset: else it would still tell whose it was"));
        }
        return index;
    }
}
