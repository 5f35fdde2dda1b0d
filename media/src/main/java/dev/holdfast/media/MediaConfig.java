package dev.holdfast.media;

import dev.holdfast.media.picture.EngineChoice;
import dev.holdfast.media.store.Backend;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What can be set of this service. */
@ConfigMapping(prefix = "media")
public interface MediaConfig {
    Store store();

    Upload upload();

    Quota quota();

    Picture picture();

    Workers workers();

    Variant variant();

    Sweep sweep();

    Comparison comparison();

    /** Where this service tells what became of images. */
    @WithDefault("media.events")
    String eventTopic();

    /** Items of a page. Longer pages mean fewer requests, and more memory for each. */
    @WithDefault("500")
    int pageMax();

    Move move();

    Scrub scrub();

    /** Blobs that go to another store. */
    interface Move {
        /** Blobs in one call. More keep the caller waiting for longer. */
        @WithDefault("10000")
        int limitMax();

        /** Blobs that are copied at once. More keep fast stores busier, and uploads waiting for the disk. */
        @WithDefault("4")
        int atOnce();
    }

    /** Reading all that is stored, whether it is still what it was. */
    interface Scrub {
        /** Between two rounds, such as {@code 24h}; {@code off} for never. Less often leaves damage unseen for longer. */
        @WithDefault("24h")
        String every();

        /** How fast it reads, 0 for as fast as it can. Faster leaves less of disks and lines to others: this is 1.7 TB a day. */
        @WithDefault("20000000")
        long bytesPerSecond();

        /** Blobs in one call. More keep the caller waiting for longer. */
        @WithDefault("10000")
        int limitMax();
    }

    /** Measuring the stores on images that are kept. */
    interface Comparison {
        /** Of a sample. More make the numbers steadier, and take longer. */
        @WithDefault("100")
        int imagesMax();

        /** All images of a sample together; each store needs so much room for a while. More make the numbers steadier, and take longer. */
        @WithDefault("100000000")
        long bytesMax();
    }

    /** Looking for what nobody owns. */
    interface Sweep {
        /** Between two sweeps. More often costs more reading, and leaves orphans for a shorter time. */
        @WithDefault("10m")
        Duration every();

        /**
         * How long a sweep rests after each batch, as a multiple of what that took: 0 for not at all, 1 for as long. Less is over sooner,
         * more is felt less by those who upload meanwhile.
         */
        @WithDefault("2")
        double rest();

        /** A hold that nobody releases ends after this at the latest; longer lets orphans grow for longer. */
        @WithDefault("24h")
        Duration holdMax();
    }

    /** Images that come in. */
    interface Upload {
        /** An upload that takes longer is given up; longer keeps what nobody will finish for longer. */
        @WithDefault("1h")
        Duration expiresAfter();

        Resumable resumable();
    }

    /** Uploads that go on after a break. Each time something comes, they may take as long as others once more. */
    interface Resumable {
        /** From the beginning; longer lets somebody keep what is unfinished for longer. */
        @WithDefault("24h")
        Duration lastsMax();

        /** Unfinished ones of one caller, each of up to the bytes of a picture. More let one caller take more of the disk. */
        @WithDefault("20")
        int perCallerMax();

        /**
         * In bytes. What came since the last checkpoint is sent again after a crash; a larger distance means more of that, and less
         * waiting for the disk.
         */
        @WithDefault("4194304")
        long checkpointEvery();

        /** Whoever says nothing for as long has lost its turn when the next one comes. Longer lets them wait for who is gone. */
        @WithDefault("1s")
        Duration givesWayAfter();

        /** Whoever says nothing for as long is cut off; longer keeps connections and files open for who is gone. */
        @WithDefault("30s")
        Duration silenceMax();
    }

    /** What the references of one owner may hold together. A larger one lets one owner take more of the stores. */
    interface Quota {
        /** In bytes: 1 GiB. */
        @WithDefault("1073741824")
        long bytes();

        /** References. Each upload counts them, so many more of them make an upload slower. */
        @WithDefault("10000")
        long images();

        /** The first one that fits an owner counts instead. */
        List<QuotaRule> rules();

        /** Owners of another quota. */
        interface QuotaRule {
            /** As {@code product}. */
            String ownerType();

            /** Unlimited when it is not set. */
            @WithDefault("9223372036854775807")
            long bytes();

            /** Likewise. */
            @WithDefault("9223372036854775807")
            long images();
        }
    }

    /** What a picture may ask of whoever decodes it; what asks for more is refused before that. */
    interface Picture {
        /** Bytes of a file. A larger limit takes more of disks and of lines. */
        @WithDefault("25000000")
        long bytes();

        /** Of a frame; each costs a decoder up to 8 bytes of memory. */
        @WithDefault("50000000")
        long pixels();

        /** The longest width or height, in pixels. */
        @WithDefault("16384")
        int side();

        /** Of an animation. */
        @WithDefault("1000")
        int frames();

        /** A file of more is taken for a bomb. Photographs reach 50, blank pages some hundreds. */
        @WithDefault("1000")
        int pixelsPerByte();
    }

    /** The processes that decode pictures. */
    interface Workers {
        /** BEST is libvips where it is installed, and Java otherwise; VIPS and IMAGE_IO are nothing but these. */
        @WithDefault("best")
        EngineChoice engine();

        /** How many, which is how many pictures are decoded at once; as many as processors. More only compete. */
        OptionalInt processes();

        /** Pictures that may wait for one of them; whoever comes then is asked to come again. More let people wait for longer. */
        @WithDefault("64")
        int waitingMax();

        /** For one picture; then its process is killed, and the picture refused. With a longer one, fewer such pictures block all others. */
        @WithDefault("10s")
        Duration deadline();

        /** Of each process, in MiB. ImageIO needs 8 bytes for each pixel that it decodes, libvips next to none. */
        @WithDefault("512")
        int heapMegabytes();

        /** Of each process, in MiB: heap, and what libvips decodes into. More bear larger pictures. */
        @WithDefault("1024")
        int memoryMegabytes();
    }

    /** Smaller pictures, made of those that are kept. */
    interface Variant {
        /** Of the cache, for this process alone; {@code variants} in the store's directory when it is not set. */
        Optional<Path> directory();

        /** Bytes of the files in the cache. More keep more variants from being made again. */
        @WithDefault("2147483648")
        long bytesMax();

        /** Bytes of small ones that are kept in memory as well, outside of which files are read. */
        @WithDefault("67108864")
        long memoryBytesMax();

        /** Until a picture that could not be decoded is tried again. Shorter lets the same one block decoders more often. */
        @WithDefault("10m")
        Duration refusalLasts();

        /**
         * Secrets, each 32 bytes in base64. The first signs sizes that are no presets, all are accepted. Without one there are no
         * such sizes.
         */
        Optional<List<String>> signingKeys();
    }

    /** Where the bytes of images are. */
    interface Store {
        /**
         * Has the uploads under way and the blobs that are files, on one file system. It is made when it is not there; the
         * directory around it must be there.
         */
        @WithDefault("media-data")
        Path directory();

        /** Threads that wait for the disk. More keep a fast disk busier, and take a megabyte each. */
        @WithDefault("8")
        int threads();

        /**
         * Reads and writes of files that may wait for a thread; whoever comes then is asked to come again. Each stream has one at
         * a time, so more let more streams go on more slowly.
         */
        @WithDefault("1000")
        int waitingMax();

        /** Where a blob goes that no rule names: files, postgres or s3. */
        @WithDefault("files")
        Backend backend();

        /** The first one that fits a blob says where it goes. What is stored already stays where it is. */
        List<Rule> rules();

        /** Blobs that go elsewhere. */
        interface Rule {
            /** As {@code image/png}, {@code image/*}, or all. */
            @WithDefault("*/*")
            String mediaType();

            /** In bytes, included. A larger one sends larger blobs there. */
            @WithDefault("9223372036854775807")
            long sizeMax();

            Backend backend();
        }

        S3 s3();

        /** A bucket of S3, or of what speaks like it. */
        interface S3 {
            /** Without one, there is no store of this kind. It must keep no versions. */
            Optional<String> bucket();

            /** Amazon's own when it is not set. */
            Optional<URI> endpoint();

            @WithDefault("us-east-1")
            String region();

            /** Whether the bucket is named in the path; otherwise it is in the host name. */
            @WithDefault("false")
            boolean pathStyle();

            /** With the secret key; otherwise credentials come from where the AWS SDK looks for them. */
            Optional<String> accessKey();

            Optional<String> secretKey();

            /** Requests at once. More need more sockets, and let slow readers hold more of them. */
            @WithDefault("50")
            int connections();

            /** In bytes, 5 MiB at least. What is longer is sent in parts of it. Longer ones mean fewer requests, and more to repeat. */
            @WithDefault("16777216")
            long partLength();

            /** Of a request, the first one included. More bear longer outages, and make callers wait for them. */
            @WithDefault("3")
            int attemptsMax();

            /** How long to wait for a connection, and between two pieces of an answer; a reader may not pause for longer. */
            @WithDefault("30s")
            Duration timeout();
        }
    }
}
