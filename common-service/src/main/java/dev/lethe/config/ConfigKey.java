package dev.lethe.config;

import java.util.Optional;

/**
 * A key that a configuration can have, as its reader asks for it.
 *
 * @param path where it is, with {@code NAME} for each name that whoever writes the file chooses
 * @param form what it takes
 * @param required whether it has to be there
 * @param otherwise the default, if there is one
 */
public record ConfigKey(String path, String form, boolean required, Optional<String> otherwise) {}
