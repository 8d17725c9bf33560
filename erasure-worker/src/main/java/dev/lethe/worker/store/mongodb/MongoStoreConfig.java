package dev.lethe.worker.store.mongodb;

import com.mongodb.ConnectionString;
import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to reach a MongoDB database and where in it personal data is.
 *
 * @param url a connection string without credentials. Whatever it says, changes are acknowledged by a majority and reads are
 *     the primary's
 * @param username the user that reads and changes; none where the server asks for none, or for a certificate
 * @param password its password
 * @param database where the collections are; the one that the URL names unless said otherwise
 * @param rules what is done in the collections, in the order of work
 * @param connections at most so many at a time
 * @param connectTimeout for a connection, and for a primary to be found
 * @param timeout after which a command, the majority's acknowledgement included, is given up
 */
record MongoStoreConfig(
        String url,
        Optional<String> username,
        Optional<Secret> password,
        String database,
        List<Rule> rules,
        int connections,
        Duration connectTimeout,
        Duration timeout) {
    private static final Pattern PARTS = Pattern.compile("mongodb(\\+srv)?://[^/?]+(?:/([^/?]+)?)?(?:\\?.*)?");
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/?]*@");

    MongoStoreConfig {
        rules = List.copyOf(rules);
    }

    static MongoStoreConfig read(Section section) {
        String url = section.text("url");
        Optional<String> inUrl = checked(section, url);
        Optional<String> username = section.optionalText("username");
        Optional<Secret> password = section.optionalSecret("password");
        if (section.has("username") != section.has("password")) {
            section.problem(
                    section.has("username") ? "password" : "username", "is required: both are given, or neither");
        }
        String database = inUrl.isEmpty() ? section.text("database") : section.text("database", inUrl.get());
        var rules = new ArrayList<Rule>();
        section.sectionByName("collections").forEach((name, rule) -> rules.add(Rule.read(name, rule)));
        if (rules.isEmpty()) {
            section.problem(
                    "collections", "must map a collection, such as { customers: { subject: { _id: userId } } }");
        }
        return new MongoStoreConfig(
                url,
                username,
                password,
                database,
                rules,
                section.integer("connections", 4, 1, 100),
                section.duration("connectTimeout", Duration.ofSeconds(3)),
                section.duration("timeout", Duration.ofSeconds(30)));
    }

    /**
     * Reports what is wrong with the URL; what the parser has to say may repeat a password, so it is not said. A URL that
     * leads to DNS records is not parsed before it is used, as that asks for them.
     *
     * @return the database that it names
     */
    private static Optional<String> checked(Section section, String url) {
        if (CREDENTIALS.matcher(url).find()) {
            section.problem("url", "must be without credentials: they belong into username and password");
            return Optional.empty();
        }
        Matcher parts = PARTS.matcher(url);
        boolean valid = parts.matches();
        if (valid && parts.group(1) == null) {
            try {
                new ConnectionString(url);
            } catch (IllegalArgumentException e) {
                valid = false;
            }
        }
        if (!valid && !url.isEmpty()) {
            section.problem("url", "must be a connection string such as mongodb://db1,db2/shop?replicaSet=rs0");
        }
        return valid ? Optional.ofNullable(parts.group(2)) : Optional.empty();
    }
}
