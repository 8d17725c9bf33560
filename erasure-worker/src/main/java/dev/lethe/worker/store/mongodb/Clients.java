package dev.lethe.worker.store.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.event.CommandListener;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes clients as the configuration wants them. */
final class Clients {
    private Clients() {}

    /** @param listeners see every command */
    static MongoClient open(String store, MongoStoreConfig config, CommandListener... listeners) {
        var url = new ConnectionString(config.url());
        long connectMillis = config.connectTimeout().toMillis();
        var settings = MongoClientSettings.builder()
                .applyConnectionString(url)
                .applicationName("lethe-" + store)
                .writeConcern(WriteConcern.MAJORITY)
                .readPreference(ReadPreference.primary())
                .retryReads(true)
                .retryWrites(true)
                .timeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(connectMillis, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(connectMillis, TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(pool -> pool.maxSize(config.connections()))
                // The driver would log commands, and so identifiers; 0 means any length.
                .applyToLoggerSettings(logger -> logger.maxDocumentLength(1));
        for (CommandListener listener : listeners) {
            settings.addCommandListener(listener);
        }
        config.username().ifPresent(username -> settings.credential(credential(username, url, config)));
        return MongoClients.create(settings.build());
    }

    private static MongoCredential credential(String username, ConnectionString url, MongoStoreConfig config) {
        char[] password =
                config.password().map(secret -> secret.reveal().toCharArray()).orElseGet(() -> new char[0]);
        @Nullable String source = sourceOf(url);
        return MongoCredential.createCredential(username, Objects.requireNonNullElse(source, "admin"), password);
    }

    /** The database that knows the user: {@code authSource}, or the one that the URL names, as the specification has it. */
    private static @Nullable String sourceOf(ConnectionString url) {
        String query = url.getConnectionString();
        int at = query.indexOf("authSource=");
        if (at < 0) {
            return url.getDatabase();
        }
        String source = query.substring(at + "authSource=".length());
        int end = source.indexOf('&');
        return end < 0 ? source : source.substring(0, end);
    }
}
