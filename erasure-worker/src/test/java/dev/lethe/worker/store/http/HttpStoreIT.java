package dev.lethe.worker.store.http;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreContract;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract, with many subjects in a request. */
class HttpStoreIT extends StoreContract {
    private NewsService service;

    @BeforeEach
    void start() {
        service = new NewsService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /** How subjects are put into requests. */
    String mode() {
        return "batch";
    }

    @Override
    protected ErasureStore open() {
        return open(NewsService.SECRET, "[subscriptions, surveys]");
    }

    private ErasureStore open(String secret, String targets) {
        return open("""
                url: %s
                readBack: %s
                mode: %s
                secret: %s
                identifiers: [userId, email]
                targets: %s
                """.formatted(service.url("/erasures"), service.url("/counts"), mode(), secret, targets));
    }

    static ErasureStore open(String yaml) {
        try {
            HttpStoreConfig config = ConfigFile.parse("news", yaml, Map.of(), HttpStoreConfig::read)
                    .config();
            return HttpStoreFactory.open("news", config, InstantSource.system());
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected ErasureStore openWithWrongCredentials() {
        return open(NewsService.FORMER_SECRET, "[subscriptions, surveys]");
    }

    @Override
    protected ErasureStore openWithMissingTarget() {
        return open(NewsService.SECRET, "[subscriptions, survys]");
    }

    @Override
    protected Map<String, Long> plant(Subject subject) {
        String email = subject.values("email").getFirst();
        service.subscribe(email);
        service.subscribe(email);
        service.survey(subject.userId());
        var items = new LinkedHashMap<String, Long>();
        items.put("subscriptions", 2L);
        items.put("surveys", 1L);
        return items;
    }

    @Override
    protected Map<String, Long> plantShared(Subject one, Subject other) {
        service.survey(one.userId(), other.userId());
        return Map.of("surveys", 1L);
    }

    @Override
    protected List<String> contents() {
        return service.contents();
    }

    @Override
    protected void cutOff() {
        service.cutOff();
    }

    @Override
    protected void bringBack() {
        service.bringBack();
    }
}
