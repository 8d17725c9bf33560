package dev.lethe.worker.store.s3;

import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.MFADeleteStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Tries what can be tried of a bucket without changing it. */
final class Survey {
    private final S3Client client;
    private final String bucket;
    private final List<String> obstacles = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Survey(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    StorePlan plan(List<StorePlan.Step> steps) throws StoreUnavailableException {
        try {
            listings();
            versioning();
            locks();
        } catch (RuntimeException e) {
            S3Error error = S3Error.of(e);
            if (!error.isMissingBucket()) {
                throw error.refusal();
            }
            obstacles.add("there is no bucket " + bucket + ": check bucket and region");
        }
        return new StorePlan(steps, obstacles, warnings);
    }

    private void listings() {
        needed(
                "s3:ListBucketVersions",
                () -> client.listObjectVersions(
                        request -> request.bucket(bucket).maxKeys(1)));
        needed(
                "s3:ListBucket",
                () -> client.listObjectsV2(request -> request.bucket(bucket).maxKeys(1)));
        needed(
                "s3:ListBucketMultipartUploads",
                () -> client.listMultipartUploads(
                        request -> request.bucket(bucket).maxUploads(1)));
    }

    private void needed(String permission, Supplier<?> request) {
        ask(error -> false, request)
                .ifPresent(error -> obstacles.add(
                        error.isDenied()
                                ? "the permission " + permission + " is missing on bucket " + bucket
                                : "the server does not know the operation behind " + permission));
    }

    private void versioning() {
        ask(error -> false, () -> {
                    GetBucketVersioningResponse versioning =
                            client.getBucketVersioning(request -> request.bucket(bucket));
                    if (versioning.mfaDelete() == MFADeleteStatus.ENABLED) {
                        obstacles.add("bucket " + bucket
                                + " has MFA delete on, so that no version can be erased by a service: turn it off");
                    }
                    if (versioning.status() == BucketVersioningStatus.SUSPENDED) {
                        warnings.add("bucket " + bucket
                                + " has versioning suspended: older versions are erased all the same");
                    }
                    return versioning;
                })
                .ifPresent(
                        error -> warnings.add(
                                "bucket " + bucket
                                        + " does not tell whether MFA delete is on, which would make erasures fail: grant s3:GetBucketVersioning"));
    }

    private void locks() {
        ask(S3Error::isMissingConfiguration, () -> {
            ObjectLockEnabled lock = client.getObjectLockConfiguration(request -> request.bucket(bucket))
                    .objectLockConfiguration()
                    .objectLockEnabled();
            if (lock == ObjectLockEnabled.ENABLED) {
                warnings.add("bucket " + bucket
                        + " has Object Lock on: locked versions stay until their date and are reported as retained;"
                        + " s3:GetObjectRetention and s3:GetObjectLegalHold are needed to tell them");
            }
            return lock;
        });
    }

    /** Asks; answers the error if the request is denied, not known, or so as is expected. */
    private static Optional<S3Error> ask(Predicate<S3Error> expected, Supplier<?> request) {
        try {
            var unused = request.get();
            return Optional.empty();
        } catch (S3Exception e) {
            S3Error error = S3Error.of(e);
            if (error.isDenied() || error.isUnknownOperation() || expected.test(error)) {
                return Optional.of(error);
            }
            throw e;
        }
    }
}
