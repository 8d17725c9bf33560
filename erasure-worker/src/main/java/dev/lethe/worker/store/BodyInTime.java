package dev.lethe.worker.store;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The text of an HTTP answer, if all of it comes in time, and is not too much: the client's own time-out ends with the headers,
 * and it takes as much as there is.
 */
public final class BodyInTime implements BodySubscriber<String> {
    private final BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
    private final CompletableFuture<String> body;
    private final long maxBytes;
    private volatile @Nullable Subscription subscription;
    private long bytes;

    /** There is more than this is ready to take. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(long maxBytes) {
            super("more than " + maxBytes + " bytes");
        }
    }

    /** As much as there is. */
    public BodyInTime(Duration most) {
        this(most, Long.MAX_VALUE);
    }

    /** @param maxBytes with more, the body fails with a {@link TooLargeException} */
    public BodyInTime(Duration most, long maxBytes) {
        this.maxBytes = maxBytes;
        CompletableFuture<Boolean> late =
                new CompletableFuture<Boolean>().completeOnTimeout(true, most.toMillis(), TimeUnit.MILLISECONDS);
        this.body = text.getBody().toCompletableFuture().copy().whenComplete((value, failure) -> late.cancel(false));
        var unused = late.thenRun(() -> giveUp(new HttpTimeoutException("no whole answer")));
    }

    private void giveUp(IOException reason) {
        Subscription current = subscription;
        if (body.completeExceptionally(reason) && current != null) {
            current.cancel();
        }
    }

    @Override
    public CompletionStage<String> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        text.onSubscribe(newSubscription);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        bytes += item.stream().mapToLong(ByteBuffer::remaining).sum();
        if (bytes > maxBytes) {
            giveUp(new TooLargeException(maxBytes));
        } else {
            text.onNext(item);
        }
    }

    @Override
    public void onError(Throwable throwable) {
        text.onError(throwable);
    }

    @Override
    public void onComplete() {
        text.onComplete();
    }
}
