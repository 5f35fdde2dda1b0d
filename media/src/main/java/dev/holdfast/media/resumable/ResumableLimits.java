package dev.holdfast.media.resumable;

import dev.holdfast.media.MediaConfig;
import java.time.Duration;

/**
 * As {@link MediaConfig.Resumable} explains them.
 *
 * @param lasts after each request
 */
record ResumableLimits(Duration lasts, Duration lastsMax, int perCallerMax, long checkpointEvery, Duration silenceMax) {
    static ResumableLimits of(MediaConfig.Upload config) {
        MediaConfig.Resumable resumable = config.resumable();
        return new ResumableLimits(
                config.expiresAfter(),
                resumable.lastsMax(),
                resumable.perCallerMax(),
                resumable.checkpointEvery(),
                resumable.silenceMax());
    }
}
