package dev.lethe.keys;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Keys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file that holds an installation's {@link Keys}; only its owner may read it. */
public final class KeyFile {
    private KeyFile() {}

    /** Something is wrong with the key file; the message says what to do and repeats nothing of the content. */
    public static final class KeyFileException extends MisconfiguredException {
        private static final long serialVersionUID = 1;

        KeyFileException(String message) {
            super(message);
        }
    }

    public static Keys load(Path file) throws KeyFileException {
        try {
            return Keys.parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new KeyFileException(
                    "there is no key file " + file + "; restore it from its backup, or, if there has never"
                            + " been one, make it with 'lethe keys create'");
        } catch (IOException e) {
            throw new KeyFileException("the key file " + file + " can't be read; check its owner and permissions");
        } catch (IllegalArgumentException e) {
            throw new KeyFileException("the key file " + file + " is damaged (" + e.getMessage()
                    + "); restore it from a backup: what was sealed with it can't be read with another");
        }
    }

    /** Makes new keys; refuses to replace a file, because what its keys sealed would be lost. */
    public static Keys create(Path file) throws KeyFileException {
        try {
            Keys keys = Keys.create();
            write(file, keys);
            return keys;
        } catch (FileAlreadyExistsException e) {
            throw new KeyFileException("the key file " + file + " is there already, and is left as it is;"
                    + " 'lethe keys rotate' adds a new sealing key to it");
        } catch (IOException e) {
            throw new KeyFileException("the key file " + file + " can't be written; is its folder there and writable?");
        }
    }

    /** Adds a new sealing key. The file is replaced in one step, so that nobody ever reads half of it. */
    public static Keys rotate(Path file) throws KeyFileException {
        Keys rotated = load(file).rotated();
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.deleteIfExists(next);
            write(next, rotated);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return rotated;
        } catch (IOException e) {
            throw new KeyFileException("the key file " + file + " can't be replaced, and is as it was");
        }
    }

    private static void write(Path file, Keys keys) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            channel.write(ByteBuffer.wrap(keys.format().getBytes(StandardCharsets.UTF_8)));
            // On the disk before it replaces its predecessor, whose keys exist nowhere else.
            channel.force(true);
        }
    }
}
