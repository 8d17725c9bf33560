package dev.lethe.quickstart.server;

/** A broker in a process of this machine. */
record BrokerProcess(KafkaServer server) implements Broker {
    @Override
    public String bootstrapServers() {
        return server.bootstrapServers();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void freeze() {
        server.freeze();
    }

    @Override
    public void thaw() {
        server.thaw();
    }

    @Override
    public void close() {
        server.close();
    }
}
