package dev.lethe.worker.store.redis;

import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** 1 for any reply, and nothing where the reply is that there is nothing. */
final class PresenceOutput extends CommandOutput<String, String, Long> {
    PresenceOutput() {
        super(Bytes.CODEC, null);
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        output = bytes == null ? null : 1L;
    }

    @Override
    public void set(double number) {
        output = 1L;
    }
}
