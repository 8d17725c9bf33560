package dev.lethe.worker.reconcile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Where a reconciliation is, in a file that only its owner may read: the place can be somebody's id. */
public final class Bookmark {
    private final Path file;

    public Bookmark(Path file) {
        this.file = file;
    }

    /** Where to go on; empty if it begins. */
    public Optional<String> read() throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    public void write(String place) throws IOException {
        if (Files.notExists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, place);
    }

    /** There is no further place. */
    public void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
