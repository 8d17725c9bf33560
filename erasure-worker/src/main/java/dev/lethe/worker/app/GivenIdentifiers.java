package dev.lethe.worker.app;

import dev.lethe.events.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Identifiers as a command line names them. Not picocli's own maps: its messages would repeat the value. */
final class GivenIdentifiers {
    private GivenIdentifiers() {}

    /** The values of {@code NAME=VALUE}, by name. */
    static Map<String, List<String>> parse(List<String> arguments, CommandLine command) {
        var given = new LinkedHashMap<String, List<String>>();
        for (String identifier : arguments) {
            int equals = identifier.indexOf('=');
            if (equals < 1 || identifier.substring(equals + 1).isBlank()) {
                throw new ParameterException(command, "--identifier must be NAME=VALUE, such as email=…");
            }
            String name = identifier.substring(0, equals);
            if (name.equals(Subject.USER_ID) || name.equals(Subject.TENANT_ID)) {
                throw new ParameterException(
                        command,
                        "user id and tenant have options of their own; --identifier is for what comes besides");
            }
            given.computeIfAbsent(name, key -> new ArrayList<>()).add(identifier.substring(equals + 1));
        }
        return given;
    }
}
