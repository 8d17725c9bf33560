package dev.lethe.worker.store.redis;

import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a store: one for each thread that is in a call. They don't reconnect and don't buffer: what can't be sent at
 * once fails, and the next call opens another.
 */
final class Sessions implements AutoCloseable {
    private static final int ATTEMPTS = 10;

    private final RedisStoreConfig config;
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    Sessions(RedisStoreConfig config, ClientResources.Builder resources) {
        this.config = config;
        this.resources =
                resources.ioThreadPoolSize(2).computationThreadPoolSize(2).build();
        this.client = config.cluster() ? clusterClient() : singleClient();
    }

    interface Work<T> {
        T with(Session session)
                throws StoreUnavailableException, ExecutionException, TimeoutException, InterruptedException;
    }

    /**
     * Does some work with a connection that nobody else uses.
     *
     * @throws StoreUnavailableException if the server can't be reached or can't work
     * @throws StoreFailureException if it refuses the work
     */
    <T> T doing(Work<T> work) throws StoreUnavailableException {
        @Nullable Session session = null;
        try {
            session = borrow();
            T done = work.with(session);
            giveBack(session);
            return done;
        } catch (InterruptedException e) {
            discard(session);
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("UNREACHABLE", "interrupted while waiting for the Redis");
        } catch (StoreUnavailableException | StoreFailureException e) {
            giveBack(session);
            throw e;
        } catch (RedisException | ExecutionException | TimeoutException | CancellationException e) {
            discard(session);
            throw RedisError.of(e).refusal();
        } catch (RuntimeException e) {
            discard(session);
            throw e;
        }
    }

    private Session borrow() {
        for (Session session = idle.poll(); session != null; session = idle.poll()) {
            if (session.isOpen()) {
                return session;
            }
            session.close();
        }
        return open();
    }

    private Session open() {
        for (int attempt = 1; ; attempt++) {
            try {
                return new Session(connect(), config.commandTimeout(), config.pipeline());
            } catch (RedisConnectionException e) {
                // The client hangs up on a refused login, and now and then takes that for the server's doing.
                if (!(e.getCause() instanceof RedisConnectionException) || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private StatefulConnection<String, String> connect() {
        return switch (client) {
            case RedisClusterClient cluster -> {
                // The nodes may have changed their roles since.
                cluster.refreshPartitions();
                yield cluster.connect(Bytes.CODEC);
            }
            case RedisClient single -> single.connect(Bytes.CODEC);
            default -> throw new IllegalStateException();
        };
    }

    private void giveBack(@Nullable Session session) {
        if (session == null) {
            return;
        }
        idle.push(session);
        if (closed.get() && idle.remove(session)) {
            session.close();
        }
    }

    private static void discard(@Nullable Session session) {
        if (session != null) {
            session.close();
        }
    }

    private RedisClient singleClient() {
        var single = RedisClient.create(resources, uri(config.urls().getFirst()));
        single.setOptions(options(ClientOptions.builder()).build());
        return single;
    }

    private RedisClusterClient clusterClient() {
        var cluster = RedisClusterClient.create(
                resources, config.urls().stream().map(this::uri).toList());
        ClusterClientOptions.Builder options = ClusterClientOptions.builder();
        options(options);
        cluster.setOptions(options.build());
        return cluster;
    }

    private ClientOptions.Builder options(ClientOptions.Builder options) {
        SslOptions.Builder ssl = SslOptions.builder();
        config.tls().trust().ifPresent(trust -> ssl.trustManager(trust.toFile()));
        config.tls()
                .certificate()
                .ifPresent(certificate -> config.tls()
                        .key()
                        .ifPresent(key -> ssl.keyManager(certificate.toFile(), key.toFile(), new char[0])));
        return options.autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(config.pipeline() + 1)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(config.connectTimeout())
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(config.commandTimeout()))
                .sslOptions(ssl.build());
    }

    private RedisURI uri(String url) {
        RedisURI uri = RedisURI.create(url);
        uri.setTimeout(config.connectTimeout());
        uri.setClientName("lethe");
        config.password()
                .ifPresent(password -> config.username()
                        .ifPresentOrElse(
                                username -> uri.setAuthentication(
                                        username, password.reveal().toCharArray()),
                                () -> uri.setAuthentication(password.reveal().toCharArray())));
        config.sentinelPassword()
                .ifPresent(password -> uri.getSentinels()
                        .forEach(sentinel ->
                                sentinel.setAuthentication(password.reveal().toCharArray())));
        return uri;
    }

    @Override
    public void close() {
        closed.set(true);
        for (Optional<Session> session = next(); session.isPresent(); session = next()) {
            session.get().close();
        }
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        resources.shutdown(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Optional<Session> next() {
        return Optional.ofNullable(idle.poll());
    }
}
