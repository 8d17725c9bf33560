package dev.lethe.keys;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Keys;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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
            SecretFile.create(file, keys.format());
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
        try {
            SecretFile.replace(file, rotated.format());
            return rotated;
        } catch (IOException e) {
            throw new KeyFileException("the key file " + file + " can't be replaced, and is as it was");
        }
    }
}
