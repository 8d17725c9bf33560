package dev.lethe.worker.store.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A connection, for one thread at a time. Nothing is sent twice, so that what was counted was counted once. */
final class Session implements AutoCloseable {
    private final StatefulConnection<String, String> connection;
    private final Duration timeout;
    private final int pipeline;

    Session(StatefulConnection<String, String> connection, Duration timeout, int pipeline) {
        this.connection = connection;
        this.timeout = timeout;
        this.pipeline = pipeline;
    }

    /** A command of names and bytes. */
    static <T> AsyncCommand<String, String, T> command(
            CommandType type, CommandOutput<String, String, T> output, String key, String... values) {
        return new AsyncCommand<>(new Command<>(
                type, output, new CommandArgs<>(Bytes.CODEC).addKey(key).addValues(values)));
    }

    /** A command without a key. */
    static <T> AsyncCommand<String, String, T> keyless(
            CommandType type, CommandOutput<String, String, T> output, String... values) {
        return new AsyncCommand<>(new Command<>(type, output, new CommandArgs<>(Bytes.CODEC).addValues(values)));
    }

    /**
     * Sends all commands at once, to each node its own, and returns when all replies are there: one round trip, or one for
     * every so many commands as a pipeline may have.
     *
     * @throws ExecutionException for the first command that was refused
     * @throws TimeoutException if replies are missing after the time for commands
     */
    void ask(List<? extends AsyncCommand<String, String, ?>> commands)
            throws ExecutionException, TimeoutException, InterruptedException {
        for (int from = 0; from < commands.size(); from += pipeline) {
            var some = commands.subList(from, Math.min(from + pipeline, commands.size()));
            connection.dispatch(some);
            long deadline = System.nanoTime() + timeout.toNanos();
            for (RedisFuture<?> reply : some) {
                if (!reply.await(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    throw new TimeoutException();
                }
            }
            for (AsyncCommand<String, String, ?> reply : some) {
                value(reply);
            }
        }
    }

    <T> @Nullable T ask(AsyncCommand<String, String, T> command)
            throws ExecutionException, TimeoutException, InterruptedException {
        ask(List.of(command));
        return value(command);
    }

    /** The reply to a command that was asked. */
    static <T> @Nullable T value(AsyncCommand<String, String, T> command)
            throws ExecutionException, InterruptedException {
        return command.get();
    }

    /** A session with each node that holds keys of its own; this one where there is no cluster. */
    List<Session> primaries() {
        if (connection instanceof StatefulRedisClusterConnection<String, String> cluster) {
            return cluster.getPartitions().stream()
                    .filter(node -> node.getRole().isUpstream() && !node.hasNoSlots())
                    .map(node -> session(cluster, node))
                    .toList();
        }
        return List.of(this);
    }

    private Session session(StatefulRedisClusterConnection<String, String> cluster, RedisClusterNode node) {
        StatefulRedisConnection<String, String> direct = cluster.getConnection(node.getNodeId());
        return new Session(direct, timeout, pipeline);
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public void close() {
        connection.close();
    }
}
