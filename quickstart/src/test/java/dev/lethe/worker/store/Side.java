package dev.lethe.worker.store;

import dev.lethe.events.Subject;
import java.util.List;

/** A real server of one kind of store, as a test of all kinds sees it: to fill, to cut off, to look into. */
public interface Side extends AutoCloseable {
    /** The store's name. */
    String name();

    /** What a worker is configured with below that name, as YAML on one line. */
    String configuration();

    /** Puts in something of each. */
    void plant(List<Subject> subjects);

    /** Everything that the server holds, an item each, in an order of its own; not asked through the store. */
    List<String> contents();

    /** Has the server delete now what it would delete later by itself. */
    default void settle() {}

    /** Cuts the server off in the middle of whatever it does; it keeps what it holds. */
    void cutOff();

    void bringBack();

    @Override
    void close() throws Exception;
}
