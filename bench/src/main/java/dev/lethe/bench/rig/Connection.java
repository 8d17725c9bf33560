package dev.lethe.bench.rig;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A connection of a caller: one call at a time. For the caller's own thread. */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    /** In place of a status, when the connection broke. */
    static final int BROKEN = 0;

    private @Nullable Channel channel;
    private @Nullable IntConsumer answered;
    private int status;

    /** @param then gets the answer's status, or {@link #BROKEN} */
    void call(ByteBuf request, IntConsumer then) {
        answered = then;
        if (channel == null) {
            request.release();
            answer(BROKEN);
        } else {
            var unused = channel.writeAndFlush(request, channel.voidPromise());
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part instanceof HttpResponse response) {
            status = response.status().code();
        }
        if (part instanceof LastHttpContent) {
            answer(status);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        channel = null;
        answer(BROKEN);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }

    private void answer(int with) {
        IntConsumer then = answered;
        if (then != null) {
            answered = null;
            then.accept(with);
        }
    }
}
