package dev.lethe.worker.store.redis;

import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What went wrong, as far as it may be told: the server's messages repeat arguments, the word with which they begin does not.
 *
 * @param message the server's message, empty if it was not the server that complained
 */
record RedisError(String message) {
    static RedisError of(Throwable thrown) {
        return new RedisError(serverMessage(thrown).orElse(""));
    }

    /** A cluster's client puts what each node said into suppressed exceptions. */
    private static Optional<String> serverMessage(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>();
        open.add(thrown);
        while (!open.isEmpty()) {
            Throwable next = open.remove();
            if (next instanceof RedisCommandExecutionException refusal && refusal.getMessage() != null) {
                return Optional.of(refusal.getMessage());
            }
            if (seen.add(next)) {
                Optional.ofNullable(next.getCause()).ifPresent(open::add);
                Collections.addAll(open, next.getSuppressed());
            }
        }
        return Optional.empty();
    }

    /**
     * The refusal of a batch.
     *
     * @throws StoreUnavailableException if it is not the batch that is refused but the store that can't work
     */
    StoreFailureException refusal() throws StoreUnavailableException {
        return switch (code()) {
            case "" ->
                throw unavailable("UNREACHABLE", "can't be reached: check the url, the network, TLS, the server");
            case "WRONGPASS", "NOAUTH" ->
                throw unavailable("UNAUTHENTICATED", "refuses the login: check username and password");
            case "NOPERM" ->
                throw unavailable(
                        "MISCONFIGURED", "does not permit a command or a key: see what ACL SETUSER gives this user");
            case "READONLY" ->
                throw unavailable("UNREACHABLE", "takes no changes: check that the url leads to the primary");
            case "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "UNBLOCKED" ->
                throw unavailable("UNREACHABLE", "is not ready yet, or has lost its primary: see the server's log");
            case "OOM", "BUSY", "MISCONF", "NOREPLICAS" ->
                throw unavailable("OVERLOADED", "is short of memory, disk, replicas or time: see the server's log");
            case "WRONGTYPE" ->
                throw unavailable("MISCONFIGURED", "has a key of another type than is configured: run the plan again");
            case "MOVED", "ASK", "CROSSSLOT" -> throw unavailable("MISCONFIGURED", "is a cluster: set cluster: true");
            case "ERR" -> general();
            default -> new StoreFailureException("REFUSED");
        };
    }

    private StoreFailureException general() throws StoreUnavailableException {
        if (message.startsWith("ERR AUTH") || message.startsWith("ERR invalid password")) {
            throw unavailable("UNAUTHENTICATED", "refuses the login: check username and password");
        }
        if (message.startsWith("ERR max number of clients")) {
            throw unavailable("OVERLOADED", "has as many clients as it takes: see its maxclients");
        }
        if (message.startsWith("ERR unknown command")) {
            throw unavailable(
                    "MISCONFIGURED", "lacks a command: it must be Redis 6.2 or newer, with no command renamed");
        }
        if (message.contains("DB index") || message.startsWith("ERR SELECT")) {
            throw unavailable("MISCONFIGURED", "has no such database: check the number at the end of the url");
        }
        if (message.contains("cluster support disabled")) {
            throw unavailable("MISCONFIGURED", "is no cluster: leave cluster: true out");
        }
        return new StoreFailureException("REFUSED");
    }

    private String code() {
        return Objects.requireNonNull(message.split(" ", 2)[0]);
    }

    private StoreUnavailableException unavailable(String unavailability, String what) {
        return new StoreUnavailableException(
                unavailability, "the Redis " + what + (message.isEmpty() ? "" : " (" + code() + ")"));
    }
}
