package dev.lethe.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.cli.CommandFailedException;
import dev.lethe.cli.LetheCommand;
import dev.lethe.quickstart.sample.People;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.quickstart.sample.SessionStore;
import dev.lethe.quickstart.sample.ShopDatabase;
import dev.lethe.quickstart.sample.SupportDatabase;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe sample-data}. */
@Command(
        name = "sample-data",
        mixinStandardHelpOptions = true,
        description = {
            "Fill stores and FusionAuth with the same fictional people: the databases shop and support of a PostgreSQL, a Redis"
                    + " with sessions, and a user each in FusionAuth. Whoever is there already stays as he is. For trying"
                    + " Lethe: it makes its tables itself.",
            "",
            "The password of the database is read from SAMPLE_DB_PASSWORD, that of Redis from REDIS_PASSWORD, and FusionAuth's"
                    + " API key from FUSIONAUTH_API_KEY.",
            ""
        })
public final class SampleDataCommand implements LetheCommand {
    private static final long SEED = 1;
    private static final Duration KICKSTARTED_WITHIN = Duration.ofMinutes(1);
    private static final Duration ASK_EVERY = Duration.ofMillis(500);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(
            names = "--people",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many (default: ${DEFAULT-VALUE}).")
    private int number;

    @Option(names = "--postgres", paramLabel = "HOST:PORT", description = "A PostgreSQL with these two databases.")
    private @Nullable String postgres;

    @Option(
            names = "--username",
            paramLabel = "ROLE",
            defaultValue = "postgres",
            description = "The role that makes the tables (default: ${DEFAULT-VALUE}).")
    private String username = "";

    @Option(names = "--redis", paramLabel = "HOST:PORT", description = "A Redis.")
    private @Nullable String redis;

    @Option(names = "--fusionauth", paramLabel = "URL", description = "A FusionAuth with one tenant.")
    private @Nullable URI fusionAuth;

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        if (number < 1 || number > 100_000) {
            throw new ParameterException(spec.commandLine(), "--people is 1 to 100000.");
        }
        List<Person> people = People.generate(number, SEED);
        if (postgres != null) {
            fill(postgres, people);
        }
        if (redis != null) {
            fillSessions(redis, people);
        }
        if (fusionAuth != null) {
            addUsers(fusionAuth, people);
        }
        return 0;
    }

    private void fill(String server, List<Person> people) throws CommandFailedException {
        for (SampleDatabase database : List.of(
                new ShopDatabase(dataSource(server, "shop")), new SupportDatabase(dataSource(server, "support")))) {
            try {
                database.create();
                database.fill(people);
            } catch (SQLException e) {
                throw new CommandFailedException("A database at " + server + " can't be filled (SQLSTATE "
                        + e.getSQLState() + "): check --postgres, --username and SAMPLE_DB_PASSWORD.");
            }
            say("%d people in the tables %s".formatted(number, String.join(", ", database.tables())));
        }
    }

    private DataSource dataSource(String server, String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://" + server + "/" + database);
        source.setUser(username);
        source.setPassword(environment("SAMPLE_DB_PASSWORD"));
        return source;
    }

    private void fillSessions(String server, List<Person> people) throws CommandFailedException {
        try (var sessions = new SessionStore("redis://:" + environment("REDIS_PASSWORD") + "@" + server)) {
            sessions.fill(people);
        } catch (RedisException | IllegalArgumentException e) {
            // Neither the message nor the cause: both may repeat the password.
            throw new CommandFailedException(
                    "The Redis at " + server + " can't be filled: check --redis and REDIS_PASSWORD.");
        }
        say("%d people in %s".formatted(number, String.join(", ", SessionStore.TARGETS)));
    }

    private void addUsers(URI url, List<Person> people) throws CommandFailedException, InterruptedException {
        int added = 0;
        int refused = 0;
        try (HttpClient http = HttpClient.newHttpClient()) {
            awaitKickstart(http, url, people.getFirst());
            for (Person person : people) {
                if (status(http, url, person, "GET") != 200) {
                    switch (status(http, url, person, "POST")) {
                        case 200 -> added++;
                        case 400 -> refused++;
                        default ->
                            throw new CommandFailedException("FusionAuth at " + url
                                    + " adds no users: check --fusionauth and FUSIONAUTH_API_KEY.");
                    }
                }
            }
        } catch (IOException e) {
            throw new CommandFailedException("FusionAuth at " + url + " can't be reached ("
                    + e.getClass().getSimpleName() + ").");
        }
        say(added + " users added to FusionAuth"
                + (refused == 0 ? "" : ", " + refused + " refused: to it, they are doubles of others"));
    }

    /** FusionAuth answers before its kickstart file has brought the API key. */
    private static void awaitKickstart(HttpClient http, URI url, Person somebody)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (status(http, url, somebody, "GET") == 401 && System.nanoTime() - start < KICKSTARTED_WITHIN.toNanos()) {
            Thread.sleep(ASK_EVERY);
        }
    }

    private static int status(HttpClient http, URI url, Person person, String method)
            throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode user = person.asFusionAuthUser();
        // Fiction's numbers are no numbers to whoever checks them.
        user.remove("phoneNumber");
        user.put("password", UUID.randomUUID().toString());
        body.set("user", user);
        body.put("skipVerification", true);
        var call = HttpRequest.newBuilder(url.resolve("/api/user/" + person.id()))
                .header("Authorization", environment("FUSIONAUTH_API_KEY"))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        method.equals("GET")
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        return http.send(call.build(), BodyHandlers.discarding()).statusCode();
    }

    private static String environment(String name) {
        return System.getenv().getOrDefault(name, "");
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }
}
