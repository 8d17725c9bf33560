package dev.lethe.worker.store.http;

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

/** The text of an answer, if all of it comes in time: the client's own time-out ends with the headers. */
final class BodyInTime implements BodySubscriber<String> {
    private final BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
    private final CompletableFuture<String> body;
    private volatile @Nullable Subscription subscription;

    BodyInTime(Duration most) {
        CompletableFuture<Boolean> late =
                new CompletableFuture<Boolean>().completeOnTimeout(true, most.toMillis(), TimeUnit.MILLISECONDS);
        this.body = text.getBody().toCompletableFuture().copy().whenComplete((value, failure) -> late.cancel(false));
        var unused = late.thenRun(this::giveUp);
    }

    private void giveUp() {
        Subscription current = subscription;
        if (body.completeExceptionally(new HttpTimeoutException("no whole answer")) && current != null) {
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
        text.onNext(item);
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
