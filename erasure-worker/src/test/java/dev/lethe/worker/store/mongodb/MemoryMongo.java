package dev.lethe.worker.store.mongodb;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;
import org.slf4j.LoggerFactory;

/** A mongo-java-server with a login (SCRAM-SHA-256), which keeps what it holds while nobody is let through. */
final class MemoryMongo implements MongoFixture.Server {
    static {
        // Repeats commands, and so identifiers: they are the server's words.
        ((Logger) LoggerFactory.getLogger("de.bwaldvogel")).setLevel(Level.OFF);
    }

    private final Backend backend = new Backend();
    private MongoServer server;
    private int port;

    MemoryMongo() {
        bringBack();
    }

    @Override
    public String url() {
        return "mongodb://localhost:" + port;
    }

    @Override
    public void cutOff() {
        server.shutdownNow();
    }

    @Override
    public void bringBack() {
        server = new MongoServer(backend);
        server.bind(new InetSocketAddress("localhost", port));
        port = server.getLocalAddress().getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static final class Backend extends MemoryBackend {
        private static final Set<String> WITHOUT_LOGIN =
                Set.of("ismaster", "hello", "buildinfo", "endsessions", "saslstart", "saslcontinue");

        private final ScramCredential credential = credential();
        private final Map<Channel, ScramSaslServer> logins = new ConcurrentHashMap<>();

        private static ScramCredential credential() {
            try {
                return new ScramFormatter(ScramMechanism.SCRAM_SHA_256).generateCredential(MongoFixture.PASSWORD, 4096);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            String asked = command.toLowerCase(Locale.ROOT);
            if (asked.equals("saslstart")) {
                logins.put(channel, login());
                channel.closeFuture().addListener(closed -> logins.remove(channel));
            }
            if (asked.startsWith("sasl")) {
                return go(logins.get(channel), ((BinData) query.get("payload")).getData());
            }
            ScramSaslServer login = logins.get(channel);
            if (!WITHOUT_LOGIN.contains(asked) && (login == null || !login.isComplete())) {
                throw new MongoServerError(13, "Unauthorized", "command " + asked + " requires authentication");
            }
            Document answer = super.handleCommand(channel, database, command, query);
            if (query.containsKey("saslSupportedMechs")) {
                answer.put("saslSupportedMechs", List.of("SCRAM-SHA-256"));
            }
            return answer;
        }

        private ScramSaslServer login() {
            try {
                return new ScramSaslServer(ScramMechanism.SCRAM_SHA_256, Map.of(), this::know);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        private void know(Callback[] callbacks) {
            String name = "";
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback named) {
                    name = named.getDefaultName();
                } else if (callback instanceof ScramCredentialCallback wanted && name.equals(MongoFixture.USER)) {
                    wanted.scramCredential(credential);
                }
            }
        }

        private static Document go(ScramSaslServer login, byte[] payload) {
            try {
                byte[] answer = login.evaluateResponse(payload);
                return new Document("conversationId", 1)
                        .append("done", login.isComplete())
                        .append("payload", new BinData(answer))
                        .append("ok", 1.0);
            } catch (SaslException | SaslAuthenticationException e) {
                throw new MongoServerError(18, "AuthenticationFailed", "Authentication failed.");
            }
        }

        /** What it holds outlives its connections. */
        @Override
        public void close() {}
    }
}
