package dev.lethe.ingress.webhook;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How many of a tenant's webhooks have to agree before FusionAuth deletes a user. */
enum TransactionLevel {
    NONE("None"),
    ANY("Any"),
    SIMPLE_MAJORITY("SimpleMajority"),
    SUPER_MAJORITY("SuperMajority"),
    ABSOLUTE_MAJORITY("AbsoluteMajority");

    private final String apiName;

    TransactionLevel(String apiName) {
        this.apiName = apiName;
    }

    /** The name in FusionAuth's API. */
    String apiName() {
        return apiName;
    }

    private static Stream<String> apiNames() {
        return Arrays.stream(values()).map(TransactionLevel::apiName);
    }

    static final class Converter implements ITypeConverter<TransactionLevel> {
        @Override
        public TransactionLevel convert(String value) {
            return Arrays.stream(values())
                    .filter(level -> level.apiName.equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "it is one of " + String.join(", ", apiNames().toList())));
        }
    }

    static final class Candidates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return apiNames().iterator();
        }
    }
}
