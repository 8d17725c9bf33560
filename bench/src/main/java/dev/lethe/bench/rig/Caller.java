package dev.lethe.bench.rig;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls an ingress, or what is compared with it, over many connections on one thread: the less it costs, the more is measured. */
public final class Caller implements AutoCloseable {
    private final IoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Connection> connections = new ArrayList<>();
    private final Event events;

    /** @param seed of the events' ids */
    public Caller(int port, int connections, long seed) throws InterruptedException {
        events = new Event(seed);
        var bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        var connection = new Connection();
                        Caller.this.connections.add(connection);
                        channel.pipeline().addLast(new HttpResponseDecoder(), connection);
                    }
                });
        for (int i = 0; i < connections; i++) {
            bootstrap.connect("127.0.0.1", port).sync();
        }
    }

    /** Every connection sends its next event as soon as the last one is answered; of users whom nobody knows. */
    public Load.Result closedLoop(Duration length) {
        return closedLoop(length, events::userId);
    }

    /** @param users whose events are sent; asked by one thread */
    public Load.Result closedLoop(Duration length, Supplier<String> users) {
        var load = new Load();
        long end = System.nanoTime() + length.toNanos();
        var done = new ArrayList<CompletableFuture<Void>>();
        for (Connection connection : connections) {
            var finished = new CompletableFuture<Void>();
            done.add(finished);
            loop.execute(() -> next(connection, users, load, end, finished));
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).join();
        return load.result();
    }

    private void next(
            Connection connection, Supplier<String> users, Load load, long end, CompletableFuture<Void> finished) {
        long start = System.nanoTime();
        connection.call(events.call(users.get()), status -> {
            long now = System.nanoTime();
            load.answered(status, now - start);
            if (now < end && status != Connection.BROKEN) {
                next(connection, users, load, end, finished);
            } else {
                finished.complete(null);
            }
        });
    }

    /**
     * Sends an event of each of these users at a fixed pace, whatever the answers take.
     *
     * @param result takes how long the answers took from when the events were due
     * @return when each was answered, by {@link System#nanoTime}
     */
    public Map<String, Long> paced(List<String> users, int perSecond, Load result) {
        var answered = new ConcurrentHashMap<String, Long>();
        var all = new ArrayList<CompletableFuture<Void>>();
        var free = new ArrayDeque<>(connections);
        var waiting = new ArrayDeque<Consumer<Connection>>();
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
        for (int i = 0; i < users.size(); i++) {
            String user = users.get(i);
            long due = begin + TimeUnit.SECONDS.toNanos(i) / perSecond;
            var finished = new CompletableFuture<Void>();
            all.add(finished);
            Consumer<Connection> call = connection -> connection.call(events.call(user), status -> {
                long now = System.nanoTime();
                answered.put(user, now);
                result.answered(status, now - due);
                free.add(connection);
                finished.complete(null);
                if (!waiting.isEmpty()) {
                    waiting.remove().accept(free.remove());
                }
            });
            var unused = loop.schedule(
                    () -> {
                        if (free.isEmpty()) {
                            waiting.add(call);
                        } else {
                            call.accept(free.remove());
                        }
                    },
                    due - System.nanoTime(),
                    TimeUnit.NANOSECONDS);
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        return answered;
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
