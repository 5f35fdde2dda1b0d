package dev.holdfast.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** What can be set of this service. */
@ConfigMapping(prefix = "audit")
public interface AuditConfig {
    /** Where changes are told. */
    @WithDefault("user.events")
    String eventTopic();

    Keys keys();

    Appends appends();

    Sealer sealer();

    Packs packs();

    /** Secrets; each is 32 bytes in base64. */
    interface Keys {
        /** Name of the one that wraps new keys of users. */
        String current();

        /** By name, all that have wrapped keys of users. One may go when nothing is wrapped with it any more. */
        Map<String, String> wrapping();

        /** For finding who had an address. Another one finds nobody from before. */
        String lookup();
    }

    /** Changes of addresses that come at the same time. */
    interface Appends {
        /** Changes in one transaction. More take less of the database each, and hold the locks of their users longer. */
        @WithDefault("256")
        int batchSize();

        /** Transactions under way at once. More wait less for each other, and share less. */
        @WithDefault("2")
        int lanes();

        /** Changes that wait for their turn; more are refused with 503. */
        @WithDefault("10000")
        int waitingMax();
    }

    /** Old versions of those who change often, many in a row. */
    interface Packs {
        /** The latest so many versions of a user stay as they are. More are read a little faster, and take four times the room. */
        @WithDefault("64")
        int hotVersions();

        /** Versions in a pack, 64 to 256. More take less room, and each read opens all of them. */
        @WithDefault("128")
        int size();

        /** How often is looked for who is due. */
        @WithDefault("10s")
        String interval();
    }

    Retention retention();

    /** What is not kept for ever. */
    interface Retention {
        /** Who read about whom, and why; 30 days at least. Longer takes more room, and answers later questions. */
        @WithDefault("730d")
        Duration reads();

        /** Checkpoints of the latest so many leaves are all kept, 10,000 at least; of older ones, the last of each thousand. */
        @WithDefault("1000000")
        long checkpointLeaves();
    }

    /** Puts events into the tree. */
    interface Sealer {
        /** False: this instance leaves it to others. */
        @WithDefault("true")
        boolean enabled();

        /** Events in one transaction. */
        @WithDefault("2000")
        int batchSize();

        /** Between two batches: what comes in the meantime shares a signature and a commit. Longer is cheaper, and seals later. */
        @WithDefault("40ms")
        Duration pause();

        /** How long others' events wait at most before they are looked for; one's own are sealed at once. */
        @WithDefault("50ms")
        Duration pollInterval();

        /** What this log calls itself in its checkpoints. */
        @WithDefault("holdfast.local/user-audit")
        String origin();

        /** Name of the signing key, as verifiers know it. */
        @WithDefault("holdfast.local/user-audit")
        String keyName();

        /** Ed25519, PKCS#8 in base64. */
        String signingKey();

        /** Where checkpoints are published. */
        @WithDefault("audit.checkpoints")
        String topic();
    }
}
