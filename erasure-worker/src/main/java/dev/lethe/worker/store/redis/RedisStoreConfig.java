package dev.lethe.worker.store.redis;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import dev.lethe.worker.store.Template;
import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to reach a Redis and where it holds personal data. A target is a template of {@code keys}, or one of the containers.
 *
 * @param urls {@code redis://host:port/database}, {@code rediss://} for TLS, or {@code redis-sentinel://host,host#master}
 *     ({@code rediss-sentinel://}); several are nodes of one cluster; without credentials
 * @param cluster whether it is a cluster, of which the urls are some nodes
 * @param username the ACL user; none for the default one
 * @param password its password; none where the server asks for none
 * @param sentinelPassword the password of the sentinels
 * @param tls the files for TLS; the JVM's trust store and no client certificate where there is none
 * @param keys keys to unlink; in a template, {@code *} stands for anything, and all else for itself
 * @param hashes fields to delete, by the key of the hash
 * @param sets members to remove, by the key of the set
 * @param sortedSets members to remove, by the key of the sorted set
 * @param streams entries to delete: by the key of the stream, the fields that tell whose an entry is
 * @param connectTimeout for a connection
 * @param commandTimeout for the replies to one pipeline
 * @param pipeline how many commands are sent at once at most, before their replies are read
 * @param scanCount how many keys the server looks at in one step of a SCAN
 */
record RedisStoreConfig(
        List<String> urls,
        boolean cluster,
        Optional<String> username,
        Optional<Secret> password,
        Optional<Secret> sentinelPassword,
        Tls tls,
        List<Template> keys,
        Map<String, List<Template>> hashes,
        Map<String, List<Template>> sets,
        Map<String, List<Template>> sortedSets,
        Map<String, Map<String, Template>> streams,
        Duration connectTimeout,
        Duration commandTimeout,
        int pipeline,
        int scanCount) {
    private static final Pattern SCHEME = Pattern.compile("(redis|rediss)(-sentinel)?://.+");
    private static final Pattern CREDENTIALS = Pattern.compile("://[^/?#]*@");

    /**
     * The PEM files for TLS.
     *
     * @param trust the certificates of the authorities that are trusted
     * @param certificate the client's certificate, with its chain
     * @param key the key of that
     */
    record Tls(Optional<Path> trust, Optional<Path> certificate, Optional<Path> key) {
        boolean isConfigured() {
            return trust.isPresent() || certificate.isPresent() || key.isPresent();
        }
    }

    RedisStoreConfig {
        urls = List.copyOf(urls);
        keys = List.copyOf(keys);
        hashes = Collections.unmodifiableMap(new LinkedHashMap<>(hashes));
        sets = Collections.unmodifiableMap(new LinkedHashMap<>(sets));
        sortedSets = Collections.unmodifiableMap(new LinkedHashMap<>(sortedSets));
        streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
    }

    static RedisStoreConfig read(Section section) {
        List<String> urls = section.texts("url");
        Section tls = section.section("tls");
        var config = new RedisStoreConfig(
                urls,
                section.flag("cluster", urls.size() > 1),
                section.optionalText("username"),
                section.optionalSecret("password"),
                section.optionalSecret("sentinelPassword"),
                new Tls(tls.optionalPath("trust"), tls.optionalPath("certificate"), tls.optionalPath("key")),
                Template.readList(section, "keys"),
                members(section, "hashes"),
                members(section, "sets"),
                members(section, "sortedSets"),
                streams(section),
                section.duration("connectTimeout", Duration.ofSeconds(3)),
                section.duration("commandTimeout", Duration.ofSeconds(10)),
                section.integer("pipeline", 10_000, 1, 100_000),
                section.integer("scanCount", 1_000, 10, 100_000));
        config.report(section, tls);
        return config;
    }

    private static Map<String, List<Template>> members(Section section, String key) {
        Section mapping = section.section(key);
        var all = new LinkedHashMap<String, List<Template>>();
        mapping.keys().forEach(name -> all.put(name, Template.readList(mapping, name)));
        return all;
    }

    private static Map<String, Map<String, Template>> streams(Section section) {
        Section mapping = section.section("streams");
        var all = new LinkedHashMap<String, Map<String, Template>>();
        mapping.keys().forEach(name -> {
            Map<String, Template> fields = Template.readByName(mapping, name);
            if (mapping.section(name).keys().isEmpty()) {
                mapping.problem(name, "must name a field and what is in it, such as { userId: \"{userId}\" }");
            }
            all.put(name, fields);
        });
        return all;
    }

    private void report(Section section, Section tls) {
        if (urls.isEmpty() && !section.has("url")) {
            section.problem("url", "is required");
        }
        urls.forEach(url -> problemOf(url).ifPresent(problem -> section.problem("url", problem)));
        if (urls.size() > 1 && !cluster) {
            section.problem("cluster", "must be true where there are several urls; sentinels are listed in one url");
        }
        if (tls.has("certificate") != tls.has("key")) {
            section.problem("tls", "must have certificate and key together");
        }
        if (this.tls.isConfigured()
                && urls.stream().anyMatch(url -> url.startsWith("redis:") || url.startsWith("redis-"))) {
            section.problem("tls", "is for urls that begin with rediss");
        }
        if (username.isPresent() && password.isEmpty()) {
            section.problem("password", "is required where there is a username");
        }
        if (keys.isEmpty() && hashes.isEmpty() && sets.isEmpty() && sortedSets.isEmpty() && streams.isEmpty()) {
            section.problem(
                    "keys", "must name a key, such as \"session:{userId}\"; or map hashes, sets, sortedSets, streams");
        }
        keys.forEach(key -> KeyPattern.problemOf(key).ifPresent(problem -> section.problem("keys", problem)));
        var names = new HashSet<String>();
        for (var containers : List.of(hashes, sets, sortedSets, streams)) {
            containers.keySet().stream()
                    .filter(name -> !names.add(name))
                    .forEach(name ->
                            section.problem("hashes", "and sets, sortedSets, streams map \"" + name + "\" twice"));
        }
    }

    private Optional<String> problemOf(String url) {
        if (CREDENTIALS.matcher(url).find()) {
            return Optional.of("must be without credentials: they belong into username and password");
        }
        if (!SCHEME.matcher(url).matches()) {
            return Optional.of("must start with redis://, rediss:// or redis-sentinel://");
        }
        boolean sentinel = url.contains("-sentinel:");
        if (sentinel && !url.contains("#")) {
            return Optional.of("must name the master behind the sentinels, such as redis-sentinel://a,b,c#mymaster");
        }
        try {
            RedisURI uri = RedisURI.create(url);
            if (cluster && (sentinel || uri.getDatabase() != 0)) {
                return Optional.of("of a cluster has neither sentinels nor a database");
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("is no URL of a Redis, such as redis://cache:6379/0 or redis-sentinel://a,b,c#mymaster");
        }
    }

    /** The targets in the order of work. */
    List<Target> targets() {
        var targets = new ArrayList<Target>();
        keys.forEach(key -> targets.add(Target.ofKeys(key)));
        hashes.forEach((name, fields) -> targets.add(Target.ofMembers(name, Target.Kind.HASH, fields)));
        sets.forEach((name, members) -> targets.add(Target.ofMembers(name, Target.Kind.SET, members)));
        sortedSets.forEach((name, members) -> targets.add(Target.ofMembers(name, Target.Kind.SORTED_SET, members)));
        streams.forEach((name, fields) -> targets.add(Target.ofEntries(name, fields)));
        return targets;
    }
}
