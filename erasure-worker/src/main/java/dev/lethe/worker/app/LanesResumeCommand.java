package dev.lethe.worker.app;

import dev.lethe.cli.CommandFailedException;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.config.Suggestion;
import dev.lethe.events.TopicDefinition;
import dev.lethe.kafka.KafkaClients;
import dev.lethe.kafka.TopicReader;
import dev.lethe.worker.brake.BrakeReader;
import dev.lethe.worker.brake.BrakeState;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lethe lanes resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = {
            "Lets the lanes of a store go on that its brake has stopped, in every worker. What was held when it"
                    + " tripped is erased now, people with too many items included; then the brake watches again.",
            "",
            "Exit code 1 if the brake has not tripped.",
            ""
        })
final class LanesResumeCommand implements Callable<Integer> {
    private final InstantSource clock = InstantSource.system();

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Mixin
    private WorkerFile file = new WorkerFile();

    @Option(names = "--store", paramLabel = "STORE", required = true, description = "Whose lanes.")
    private String store = "";

    @Override
    public Integer call() throws MisconfiguredException, CommandFailedException, InterruptedException {
        WorkerConfig worker = file.load().config();
        if (!worker.stores().containsKey(store)) {
            throw new CommandFailedException("There is no store \"" + store + "\""
                    + Suggestion.nearest(store, worker.stores().keySet()) + ".");
        }
        try (Admin admin = worker.kafka().admin("lethe-lanes-resume");
                var reader = new TopicReader(worker.kafka(), admin)) {
            BrakeState state = BrakeReader.read(reader).get(store);
            if (state == null || !state.tripped()) {
                say("The brake of store " + store + " has not tripped.");
                return 1;
            }
            tell(worker, state.released(clock.instant().truncatedTo(ChronoUnit.MILLIS)));
            say("Store " + store + " goes on. Its brake had tripped at " + state.at() + ": " + state.message() + ".");
            return 0;
        } catch (KafkaException e) {
            throw KafkaClients.unanswered(e);
        }
    }

    private void tell(WorkerConfig worker, BrakeState released) throws CommandFailedException, InterruptedException {
        Producer<String, byte[]> producer = KafkaClients.producer(worker.kafka(), "lethe-lanes-resume");
        try {
            KafkaClients.publish(producer, new ProducerRecord<>(TopicDefinition.BRAKES, store, released.encoded()));
        } finally {
            producer.close(Duration.ofSeconds(1));
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
