package dev.holdfast.bench.audit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Addresses as people have them, of about 30 characters, no two the same: a person keeps the name, and changes how it is
 * written, the number and the provider.
 */
final class Addresses {
    private static final String[] FIRST = {
        "anna",
        "ben",
        "carla",
        "david",
        "elena",
        "felix",
        "greta",
        "hassan",
        "ines",
        "jonas",
        "katharina",
        "liam",
        "maria",
        "noah",
        "olivia",
        "paul",
        "quentin",
        "rosa",
        "samuel",
        "theresa",
        "ulrich",
        "valentina",
        "wei",
        "yusuf",
        "zoe"
    };
    private static final String[] LAST = {
        "schmidt",
        "garcia",
        "nguyen",
        "kowalska",
        "rossi",
        "smith",
        "jansen",
        "okafor",
        "tanaka",
        "dubois",
        "larsen",
        "papadopoulos",
        "silva",
        "haddad",
        "ivanova",
        "kim",
        "murphy",
        "novak",
        "patel",
        "wagner",
        "fischer",
        "lopez",
        "li"
    };
    /** Ordinary ones come more often; none of them exists. */
    private static final String[] PROVIDERS = {
        "mail.example",
        "mail.example",
        "mail.example",
        "post.example",
        "post.example",
        "web.example",
        "example.com",
        "example.org",
        "uni.example",
        "carpentry.example"
    };

    /** Behind the versions that every past has. */
    private static final AtomicLong NEXT = new AtomicLong(1_000_000);

    private Addresses() {}

    /** The same for the same version of the same user. */
    static String of(long user, long version) {
        long person = mix(user);
        String first = pick(FIRST, person);
        String last = pick(LAST, person >>> 16);
        long taste = mix(user * 31 + version);
        String name = switch ((int) (taste & 3)) {
            case 0 -> first + "." + last;
            case 1 -> first.charAt(0) + "." + last;
            case 2 -> first + "_" + last;
            default -> last + "." + first;
        };
        // digits after the last letter of the name, and nothing but the version after the last dot
        return name + user + "." + Long.toString(version, Character.MAX_RADIX) + "@" + pick(PROVIDERS, taste >>> 16);
    }

    /** One that nobody had before in this process. */
    static String fresh(long user) {
        return of(user, NEXT.getAndIncrement());
    }

    private static String pick(String[] words, long random) {
        return words[(int) Long.remainderUnsigned(random, words.length)];
    }

    /** Scatters consecutive numbers; the finalizer of MurmurHash3. */
    private static long mix(long number) {
        long mixed = number;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
