package dev.lethe.kafka;

import dev.lethe.cli.CommandFailedException;
import dev.lethe.cli.LetheCommand;
import dev.lethe.events.Durability;
import dev.lethe.events.TopicDefinition;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe topics}. */
@Command(
        name = "topics",
        description = {
            "Make and check Lethe's topics. Services never make topics; they refuse to be ready while one is wrong.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands:%n",
        mixinStandardHelpOptions = true)
public final class TopicsCommand implements LetheCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    /** Which cluster, which topics. */
    static final class Scope {
        @Option(
                names = "--bootstrap-server",
                paramLabel = "HOST:PORT",
                defaultValue = "localhost:9092",
                description = "The Kafka cluster (default: ${DEFAULT-VALUE}).")
        private String servers = "";

        @Option(
                names = "--command-config",
                paramLabel = "FILE",
                description = "Further client properties, such as those for TLS and SASL.")
        @Nullable
        private Path properties;

        @Option(
                names = "--stores",
                split = ",",
                paramLabel = "NAME",
                description = "The stores of the workers' configuration; each has a retry topic.")
        private List<String> stores = List.of();

        @Option(
                names = "--single-node",
                description = "One broker: one replica, and every record written through to the disk. Without it, three"
                        + " replicas of which two have a record before it is acknowledged.")
        private boolean singleNode;

        List<TopicDefinition> definitions() {
            return TopicDefinition.all(stores);
        }

        Topics topics(Admin admin) {
            return new Topics(admin, singleNode ? Durability.SINGLE_NODE : Durability.REPLICATED);
        }

        Admin connect() throws CommandFailedException {
            var all = new Properties();
            if (properties != null) {
                try (Reader reader = Files.newBufferedReader(properties)) {
                    all.load(reader);
                } catch (IOException e) {
                    throw new CommandFailedException("the file " + properties + " can't be read");
                }
            }
            all.putAll(Map.of(
                    "bootstrap.servers", servers, "default.api.timeout.ms", "15000", "request.timeout.ms", "5000"));
            return Admin.create(all);
        }

        CommandFailedException refused(KafkaException e) {
            return new CommandFailedException("Kafka at " + servers + " does not do it ("
                    + e.getClass().getSimpleName() + "); is it there, and may this client administer topics?");
        }
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Name a command: create or check.");
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {"Make the topics that are missing, and leave the others as they are.", ""})
    int create(@Mixin Scope scope) throws CommandFailedException, InterruptedException {
        try (Admin admin = scope.connect()) {
            List<String> made = scope.topics(admin).create(scope.definitions());
            for (TopicDefinition definition : scope.definitions()) {
                say(definition.name() + (made.contains(definition.name()) ? " made" : " was there"));
            }
            return 0;
        } catch (KafkaException e) {
            throw scope.refused(e);
        }
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {"Say what is wrong with the topics, and what to do. Exit code 1 if anything is.", ""})
    int check(@Mixin Scope scope) throws CommandFailedException, InterruptedException {
        try (Admin admin = scope.connect()) {
            List<String> problems = scope.topics(admin).check(scope.definitions());
            problems.forEach(this::say);
            if (problems.isEmpty()) {
                say("All " + scope.definitions().size() + " topics are as they must be.");
            }
            return problems.isEmpty() ? 0 : 1;
        } catch (KafkaException e) {
            throw scope.refused(e);
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }
}
