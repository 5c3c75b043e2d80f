package dev.wadi.route;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.models.BlobBeginCopySourceRequestConditions;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlobBeginCopyOptions;
import com.azure.storage.blob.options.BlobDownloadToFileOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** What is done with the blobs of a container: each step holds only for the version of the blob that was listed. */
final class BlobContainer {
    private static final Duration COPY = Duration.ofMinutes(10);
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONDITION_NOT_MET = 412;

    private final BlobContainerClient client;

    /**
     * A version of a blob.
     *
     * @param etag another for each version
     */
    record Blob(String name, String etag, OffsetDateTime changed) {}

    BlobContainer(BlobServiceClient service, String name) {
        client = service.getBlobContainerClient(name);
    }

    /** Makes the container when it is not there; who may not is told so when it is listed. */
    void make() {
        try {
            client.createIfNotExists();
        } catch (BlobStorageException e) {
            if (e.getStatusCode() != FORBIDDEN) {
                throw e;
            }
        }
    }

    /** At most {@code most} blobs below {@code prefix}, in the order of their names. What is being uploaded is not there yet. */
    List<Blob> list(String prefix, java.util.function.Predicate<Blob> wanted, int most) {
        List<Blob> blobs = new ArrayList<>();
        for (BlobItem item : client.listBlobs(new ListBlobsOptions().setPrefix(prefix), null)) {
            Blob blob = new Blob(
                    item.getName(),
                    item.getProperties().getETag(),
                    item.getProperties().getLastModified());
            if (!item.getName().endsWith("/") && wanted.test(blob)) {
                blobs.add(blob);
                if (blobs.size() == most) {
                    break;
                }
            }
        }
        return blobs;
    }

    /** False when the blob is another by now, or gone. */
    boolean download(Blob blob, Path to) throws IOException {
        Files.deleteIfExists(to);
        try {
            at(blob.name())
                    .downloadToFileWithResponse(
                            new BlobDownloadToFileOptions(to.toString())
                                    .setRequestConditions(new BlobRequestConditions().setIfMatch(blob.etag())),
                            null,
                            Context.NONE);
            return true;
        } catch (BlobStorageException e) {
            if (isChanged(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Copies the blob, then deletes it. False when it was another by then, or gone: the new one stays. */
    boolean move(Blob blob, String to) {
        BlobClient source = at(blob.name());
        try {
            at(to).beginCopy(new BlobBeginCopyOptions(source.getBlobUrl())
                            .setPollInterval(Duration.ofMillis(200))
                            .setSourceRequestConditions(
                                    new BlobBeginCopySourceRequestConditions().setIfMatch(blob.etag())))
                    .waitForCompletion(COPY);
            source.deleteWithResponse(null, new BlobRequestConditions().setIfMatch(blob.etag()), null, Context.NONE);
            return true;
        } catch (BlobStorageException e) {
            if (isChanged(e)) {
                return false;
            }
            throw e;
        }
    }

    void write(String name, String text) {
        at(name).upload(BinaryData.fromString(text), true);
    }

    private BlobClient at(String name) {
        return client.getBlobClient(name);
    }

    private static boolean isChanged(BlobStorageException e) {
        return e.getStatusCode() == NOT_FOUND || e.getStatusCode() == CONDITION_NOT_MET;
    }
}
