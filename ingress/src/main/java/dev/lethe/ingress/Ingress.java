package dev.lethe.ingress;

import dev.lethe.events.Keys;
import dev.lethe.events.TopicDefinition;
import dev.lethe.health.ManagementServer;
import dev.lethe.health.RecurringCheck;
import dev.lethe.ingress.authentication.Authentication;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.keys.KeyFile.KeyFileException;
import io.javalin.Javalin;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;

/** The whole service, wired. Starts in the constructor; not ready before Kafka and its topics are. */
public final class Ingress implements AutoCloseable {
    private final ExecutorService answers = Executors.newVirtualThreadPerTaskExecutor();
    private final Admin admin;
    private final RequestLog requests;
    private final List<Authentication> authentications;
    private final RecurringCheck topicCheck;
    private final RecurringCheck logCheck;
    private final Javalin server;
    private final ManagementServer management;

    public Ingress(IngressConfig config, InstantSource clock) throws KeyFileException {
        Keys keys = KeyFile.load(config.keys());
        admin = Admin.create(config.kafka().with(Map.of("client.id", "lethe-ingress-admin")));
        requests = new RequestLog(config.kafka(), TopicDefinition.REQUESTS, answers);
        var topics = new Topics(admin, config.durability());
        topicCheck = new RecurringCheck("topics", () -> topics.problems(List.of(TopicDefinition.requests())));
        logCheck = new RecurringCheck("erasure log", requests::problems);
        authentications = config.authentication().open();
        var endpoint = new WebhookEndpoint(
                config.maxBodyBytes(),
                authentications,
                new EventReader(config.events()),
                keys,
                requests,
                clock,
                config.dueWithin());
        server = Javalin.create(javalin -> {
                    javalin.startup.showJavalinBanner = false;
                    javalin.startup.showOldJavalinVersionWarning = false;
                    javalin.concurrency.useVirtualThreads = true;
                    javalin.jetty.host = config.http().host();
                    javalin.jetty.port = config.http().port();
                    javalin.routes.post(WebhookEndpoint.PATH, endpoint);
                })
                .start();
        management = new ManagementServer(config.management(), this::problems);
    }

    /** The port on which webhooks are received. */
    public int port() {
        return server.port();
    }

    /** The port on which probes are answered. */
    public int managementPort() {
        return management.port();
    }

    /** Why the service is not ready; empty if it is. */
    public List<String> problems() {
        var problems = new ArrayList<>(topicCheck.problems());
        problems.addAll(logCheck.problems());
        return problems;
    }

    @Override
    public void close() {
        server.stop();
        requests.close();
        answers.close();
        authentications.forEach(Authentication::close);
        topicCheck.close();
        logCheck.close();
        admin.close();
        management.close();
    }
}
