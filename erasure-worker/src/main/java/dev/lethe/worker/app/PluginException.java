package dev.lethe.worker.app;

import dev.lethe.config.MisconfiguredException;
import java.nio.file.Path;

/** A folder of plugins that can't be used as it is; the message says what is wrong, and in which jar. */
final class PluginException extends MisconfiguredException {
    private static final long serialVersionUID = 1;

    PluginException(Path folder, String problem) {
        super("--plugins " + folder + ": " + problem);
    }
}
