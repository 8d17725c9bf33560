package dev.lethe.worker.store.s3;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import dev.lethe.worker.store.Template;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a bucket and where in it personal data is.
 *
 * @param bucket its name
 * @param region where it is; with an {@code endpoint} it has a default, as most servers take any
 * @param endpoint the URL of an S3-compatible server; Amazon's if empty
 * @param pathStyle whether the bucket is named in the path of a URL and not in its host
 * @param checksums how the bodies of requests are protected
 * @param credentials an access key and its secret; if empty, those that the AWS SDK finds by itself (environment, profile,
 *     role of the machine or the pod)
 * @param targets where the data is: {@code objects}, keys of one object each, and {@code prefixes}, in the order of work
 * @param concurrency at most so many requests at a time, of all lanes of this worker together
 * @param connectTimeout for a connection, and for one of the pool to become free
 * @param timeout after which a request, repeated where that may help, is given up
 */
record S3StoreConfig(
        String bucket,
        String region,
        Optional<URI> endpoint,
        boolean pathStyle,
        Checksums checksums,
        Optional<Credentials> credentials,
        List<Target> targets,
        int concurrency,
        Duration connectTimeout,
        Duration timeout) {
    private static final String ANY_REGION = "us-east-1";

    S3StoreConfig {
        targets = List.copyOf(targets);
    }

    /** A checksum of a request's body. */
    enum Checksums {
        /** CRC32, wherever the protocol has a place for it. */
        WHEN_SUPPORTED,
        /** CRC32, where the protocol asks for one: with the deletion of many keys. */
        WHEN_REQUIRED,
        /** {@code Content-MD5}, which servers know that don't know CRC32. */
        MD5
    }

    /** A pair of an access key and its secret. */
    record Credentials(String accessKeyId, Secret secretAccessKey) {}

    static S3StoreConfig read(Section section) {
        Optional<URI> endpoint = section.optionalText("endpoint").flatMap(text -> endpoint(section, text));
        var config = new S3StoreConfig(
                section.text("bucket"),
                endpoint.isPresent() ? section.text("region", ANY_REGION) : section.text("region"),
                endpoint,
                section.flag("pathStyle", false),
                section.choice("checksums", Checksums.WHEN_SUPPORTED),
                credentials(section),
                targets(section),
                section.integer("concurrency", 8, 1, 256),
                section.duration("connectTimeout", Duration.ofSeconds(3)),
                section.duration("timeout", Duration.ofSeconds(30)));
        if (config.bucket().contains("/")) {
            section.problem(
                    "bucket", "must be a bucket's name, without a path: that belongs into objects and prefixes");
        }
        return config;
    }

    private static Optional<URI> endpoint(Section section, String text) {
        try {
            URI uri = URI.create(text);
            @Nullable String path = uri.getPath();
            if (List.of("http", "https").contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && (path == null || path.isEmpty() || path.equals("/"))) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // The problem is the same.
        }
        section.problem("endpoint", "must be a URL such as https://minio.internal:9000, without credentials and path");
        return Optional.empty();
    }

    private static Optional<Credentials> credentials(Section section) {
        Optional<String> id = section.optionalText("accessKeyId");
        Optional<Secret> secret = section.optionalSecret("secretAccessKey");
        if (id.isPresent() != secret.isPresent() && section.has("accessKeyId") != section.has("secretAccessKey")) {
            section.problem(
                    id.isPresent() ? "secretAccessKey" : "accessKeyId",
                    "is required: both are given, or neither, for what the AWS SDK finds by itself");
        }
        return id.flatMap(known -> secret.map(hidden -> new Credentials(known, hidden)));
    }

    private static List<Target> targets(Section section) {
        var targets = new ArrayList<Target>();
        Template.readList(section, "objects").forEach(template -> targets.add(new Target(template, false)));
        Template.readList(section, "prefixes").forEach(template -> targets.add(new Target(template, true)));
        Set<String> seen = new HashSet<>();
        targets.forEach(target -> {
            String key = target.isPrefix() ? "prefixes" : "objects";
            target.problem().ifPresent(problem -> section.problem(key, problem));
            if (!seen.add(target.name())) {
                section.problem(key, "\"" + target.name() + "\" is there twice");
            }
        });
        if (targets.isEmpty() && !section.has("objects") && !section.has("prefixes")) {
            section.problem(
                    "prefixes", "must name where the data is, such as [\"uploads/{userId}/\"], here or in objects");
        }
        return targets;
    }
}
