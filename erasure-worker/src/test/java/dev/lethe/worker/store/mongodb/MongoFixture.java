package dev.lethe.worker.store.mongodb;

import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.event.CommandListener;
import dev.lethe.config.Secret;
import dev.lethe.containers.ServerContainer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * A server that lets nobody in without a login, as MongoDB does with {@code --auth}: a mongo-java-server, or with {@code
 * -Pcontainers} a MongoDB in a container.
 */
final class MongoFixture implements AutoCloseable {
    static final String USER = "lethe";
    static final String PASSWORD = "s3cret";

    private final Server server = ServerContainer.areWanted() ? new ContainerMongo() : new MemoryMongo();
    private final MongoClient admin = Clients.open("admin", config(USER, List.of()));

    /** What it runs on. */
    interface Server extends AutoCloseable {
        /** The same all the time. */
        String url();

        /** Nobody gets an answer; what it holds stays. */
        void cutOff();

        void bringBack();

        @Override
        void close();
    }

    MongoStoreConfig config(String username, List<Rule> rules) {
        return new MongoStoreConfig(
                server.url(),
                Optional.of(username),
                Optional.of(new Secret(PASSWORD)),
                "shop",
                rules,
                4,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10));
    }

    MongoStore open(List<Rule> rules, CommandListener... listeners) {
        MongoStoreConfig config = config(USER, rules);
        return new MongoStore("shop", config, () -> Clients.open("shop", config, listeners));
    }

    MongoDatabase admin() {
        return admin.getDatabase("shop");
    }

    void cutOff() {
        server.cutOff();
    }

    /** Brings it back; connections of before are dead, and the first commands may still be given to one of them. */
    void bringBack() {
        server.bringBack();
        await().ignoreExceptions().until(() -> admin().runCommand(new Document("ping", 1)) != null);
    }

    @Override
    public void close() {
        admin.close();
        server.close();
    }
}
