package dev.holdfast.payments.lab;

import java.util.Random;

/**
 * What a run does; the same seed does the same.
 *
 * @param accounts each has {@link #BALANCE} in the beginning
 * @param clients at once, each one transfer after the other
 * @param transfers in all
 * @param hot so many accounts take part in nine of ten transfers; 0 for none
 */
record Load(Mode mode, int accounts, int clients, int transfers, int hot, long seed) {
    /** What an account has in the beginning. */
    static final long BALANCE = 100;

    private static final int AMOUNT_MAX = 20;

    /** @param number of the transfer within its client, from 0 */
    record Planned(int client, int number, int from, int to, long amount) {
        /** The first of each client: all of them want all that one account has. */
        boolean isFirst() {
            return number == 0;
        }
    }

    int transfersOf(int client) {
        return transfers / clients + (client < transfers % clients ? 1 : 0);
    }

    Planned plan(int client, int number) {
        if (number == 0) {
            return new Planned(client, 0, 0, 1 + client % (accounts - 1), BALANCE);
        }
        var random = new Random(seed * 1_000_003 + client * 10_007L + number);
        random.nextInt();
        int from = pick(random);
        int to = pick(random);
        while (to == from) {
            to = random.nextInt(accounts);
        }
        return new Planned(client, number, from, to, 1 + random.nextInt(AMOUNT_MAX));
    }

    private int pick(Random random) {
        return random.nextInt(hot > 0 && random.nextInt(10) > 0 ? hot : accounts);
    }
}
