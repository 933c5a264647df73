package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.command.Conversation.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Binary and line dialects and coins' peers, from generated captures to hits.
class BinaryDialectsTest {
    private static final String NOTIFY =
            """
            {"id":null,"method":"mining.notify","params":["7",\
            "4d16b6f85af6e2198f44ae2a6de67f78487ae5611b77c6c0440b921e00000000","0100",\
            "0172",[],"00000002","1c2ac4af","504e86b9",false]}
            """;
    private static final String FROM_AGENT =
            """
            {"id":"caps","method":"agent.get_capabilities","params":[["verrol","subres"]]}
            {"id":"sub","method":"mining.subscribe","params":["btccom-agent/2.0.0-mu"]}
            {"id":"auth","method":"mining.authorize","params":["farm01",""]}
            """;
    private static final String TO_AGENT =
            """
            {"id":"sub","result":[[["mining.notify","1"]],"01000002",8],"error":null}
            {"id":"auth","result":true,"error":null}
            """;

    @TempDir Path folder;

    private static Conversation btcAgent() {
        Conversation talk = new Conversation().client(FROM_AGENT).server(TO_AGENT + NOTIFY);
        for (int rig = 1; rig <= 5; rig++) {
            talk.client(Frames.register(rig, "cgminer/4.9.0", "rack2x" + rig));
        }
        talk.midstream();
        talk.server(Frames.join(Frames.setDifficulty(16, 1, 2, 3, 4), Frames.setDifficulty(20, 5)));
        for (int share = 0; share < 20; share++) {
            talk.client(Frames.submitOfRig(1 + share % 5, 7, share));
            talk.server(Frames.response(share, share == 3 ? 23 : 1798084231));
        }
        return talk.server(NOTIFY);
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void everyRigBehindOneConnectionCounts(View view) throws IOException {
        Hit hit = only(btcAgent().hits(view, folder), Conversation.CLIENT);

        assertThat(hit.getVerdict()).isEqualTo(Verdict.MINER);
        assertThat(hit.getProtocolsList()).containsExactly("btcagent");
        if (view != View.SERVER_HALF) {
            assertThat(hit.getShares().getSubmitted()).isEqualTo(20);
        }
        if (view == View.WHOLE || view == View.ONE_BYTE_SEGMENTS) {
            assertThat(hit.getWorkersList()).contains("rack2x1", "rack2x5");
            assertThat(hit.getAccountsList()).contains("farm01");
            assertThat(hit.getShares().getAccepted()).isEqualTo(19);
            assertThat(hit.getShares().getRejected()).isEqualTo(1);
            // 15 shares at 2^16 and 4 at 2^20, those of rig 5
            double work = (15 * 0x1p16 + 4 * 0x1p20) * 4295032833.0;
            Hashrate rate = hit.getHashrateOrThrow("sha256d");
            assertThat(rate.getBest() * rate.getSeconds()).isCloseTo(work, withPercentage(0.1));
        }
    }

    private static Conversation stratumV2() {
        Conversation talk =
                new Conversation()
                        .client(Frames.setup())
                        .server(Frames.setupSuccess())
                        .client(Frames.openStandard("farm01.rig7", 95e12f))
                        .server(
                                Frames.join(
                                        Frames.openStandardSuccess(1, 5),
                                        Frames.newJob(1, 9),
                                        Frames.previousHash(1, 9)))
                        .midstream();
        for (int share = 1; share <= 10; share++) {
            talk.client(Frames.submitStandard(1, share, 9));
            if (share % 5 == 0) {
                talk.server(Frames.submitSuccess(1, share, 5));
            }
        }
        return talk.server(Frames.newJob(1, 10)).server(Frames.previousHash(1, 10));
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void stratumV2InClearIsProvenAndItsSharesCounted(View view) throws IOException {
        Hit hit = only(stratumV2().hits(view, folder), Conversation.CLIENT);

        assertThat(hit.getVerdict()).isIn(Verdict.MINER, Verdict.PROBABLE);
        assertThat(hit.getProtocolsList()).containsExactly("stratum-v2");
        if (view == View.WHOLE) {
            assertThat(hit.getVerdict()).isEqualTo(Verdict.MINER);
            assertThat(hit.getAgentsList()).contains("Bitmain/braiins-os");
            assertThat(hit.getAccountsList()).contains("farm01");
            assertThat(hit.getShares().getSubmitted()).isEqualTo(10);
            assertThat(hit.getShares().getAccepted()).isEqualTo(10);
            Hashrate rate = hit.getHashrateOrThrow("sha256d");
            assertThat(rate.getBest() * rate.getSeconds())
                    .isCloseTo(10 * 0x1p40, withPercentage(0.1));
        }
    }

    private static Conversation noise(Random random) {
        Conversation talk =
                new Conversation()
                        .client(Frames.random(random, 64))
                        .server(Frames.random(random, 234))
                        .client(Frames.random(random, 131))
                        .server(Frames.random(random, 44))
                        .client(Frames.random(random, 90))
                        .server(Frames.random(random, 91 + 83 + 86));
        for (int share = 0; share < 12; share++) {
            talk.client(Frames.random(random, 62));
            talk.server(Frames.random(random, share % 5 == 4 ? 83 : 58));
        }
        return talk;
    }

    @Test
    void stratumV2InNoiseIsProbableAndNeverMore() throws IOException {
        Hit hit = only(noise(new Random(1)).hits(View.WHOLE, folder), Conversation.CLIENT);
        assertThat(hit.getVerdict()).isEqualTo(Verdict.PROBABLE);
        assertThat(hit.getProtocolsList()).containsExactly("stratum-v2");
        assertThat(hit.hasShares()).isFalse();
        assertThat(hit.getHashrateMap()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = View.class,
            names = {"CLIENT_HALF", "SERVER_HALF"})
    void halfOfNoiseIsPossibleAtMost(View half) throws IOException {
        Hit hit = only(noise(new Random(2)).hits(half, folder), Conversation.CLIENT);
        assertThat(hit.getVerdict()).isEqualTo(Verdict.POSSIBLE);
    }

    @Test
    void randomConversationsThatBeginWithAKeyAreNotMining() throws IOException {
        List<Conversation> talks = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            talks.add(randomTalk(new Random(i), i));
        }
        for (View view : View.values()) {
            if (view != View.ONE_BYTE_SEGMENTS) {
                assertThat(Conversation.hits(talks, view, folder)).as("%s", view).isEmpty();
            }
        }
        List<Conversation> few = talks.subList(0, 50);
        assertThat(Conversation.hits(few, View.ONE_BYTE_SEGMENTS, folder)).isEmpty();
    }

    /// As BIP 324 has it, with garbage after the keys of both; or with the very sizes of Noise.
    private static Conversation randomTalk(Random random, int kind) {
        Conversation talk = new Conversation();
        boolean garbage = kind % 2 == 0;
        talk.client(Frames.random(random, 64 + (garbage ? random.nextInt(600) : 0)));
        int answer = garbage ? 64 + random.nextInt(600) : kind % 4 == 1 ? 234 : 170;
        talk.server(Frames.random(random, answer));
        for (int n = 0; n < 20; n++) {
            talk.client(Frames.random(random, 20 + random.nextInt(200)));
            talk.server(Frames.random(random, 20 + random.nextInt(200)));
        }
        return talk;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void duinoIsFoundWithAndWithoutLineEnds(boolean ends) throws IOException {
        for (View view : View.values()) {
            if (!ends && view == View.ONE_BYTE_SEGMENTS) {
                continue; // nothing tells where a message ends
            }
            List<Hit> hits = duino(ends ? "\n" : "").hits(view, folder);
            assertThat(hits).as("%s", view).hasSize(1);
            Hit hit = only(hits, Conversation.CLIENT);
            assertThat(hit.getProtocolsList()).containsExactly("duino");
            assertThat(hit.getVerdict()).as("%s", view).isIn(Verdict.MINER, Verdict.PROBABLE);
            if (view == View.WHOLE) {
                assertThat(hit.getVerdict()).isEqualTo(Verdict.MINER);
                assertThat(hit.getAccountsList()).containsExactly("revox");
                assertThat(hit.getShares().getAccepted()).isEqualTo(6);
            }
        }
    }

    private static Conversation duino(String end) {
        Conversation talk = new Conversation().server("3.0" + end);
        for (int i = 0; i < 7; i++) {
            talk.client("JOB,revox,LOW,None" + end)
                    .server(
                            "8ac9a1be16dd4f40e9f33f0ab7fcc1ae9d8c8d59,"
                                    + "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12,2300\n")
                    .client(
                            "11830%d,1804532.4,Official PC Miner 4.3,desk,,1234%s"
                                    .formatted(i, end))
                    .server(i == 3 ? "BAD,Too high starting difficulty\n" : "GOOD\n");
            if (i == 1) {
                talk.midstream();
            }
        }
        return talk;
    }

    @ParameterizedTest
    @ValueSource(ints = {0xF9BEB4D9, 0x0B110907, 0xFABFB5DA, 0xFBC0B6DB, 0x12345678})
    void bitcoinPeersAreNodesOnWhateverNetwork(int magic) throws IOException {
        Conversation talk =
                new Conversation()
                        .client(Frames.version(magic))
                        .server(
                                Frames.join(
                                        Frames.version(magic),
                                        Frames.bitcoin(magic, "verack", new byte[0])))
                        .client(Frames.bitcoin(magic, "verack", new byte[0]))
                        .midstream()
                        .client(Frames.bitcoin(magic, "ping", new byte[8]))
                        .server(Frames.bitcoin(magic, "pong", new byte[8]))
                        .server(Frames.bitcoin(magic, "inv", new byte[37]))
                        .client(Frames.bitcoin(magic, "getdata", new byte[37]))
                        .server(Frames.bitcoin(magic, "block", new byte[1200]))
                        .client(Frames.bitcoin(magic, "inv", new byte[37]));
        for (View view : View.values()) {
            if (magic == 0x12345678 && view == View.ONE_BYTE_SEGMENTS) {
                continue; // an unknown network is told by its whole header only
            }
            assertNodes(talk.hits(view, folder), "node-bitcoin", view);
        }
    }

    @Test
    void recognisedPeerIsPassedOverAndFoundAgainInEveryInterval() throws IOException {
        Conversation talk =
                new Conversation()
                        .client(Frames.version(0xF9BEB4D9))
                        .server(Frames.version(0xF9BEB4D9));
        for (int i = 0; i < 400; i++) { // 120 KB in ten seconds, twice what is read of a peer
            talk.server(Frames.bitcoin(0xF9BEB4D9, "block", new byte[1300]));
            talk.client(Frames.bitcoin(0xF9BEB4D9, "getdata", new byte[37]));
        }
        List<Hit> hits = talk.hitsOfIntervals(10_000_000_000L, folder);

        assertThat(hits).hasSizeBetween(2 * 8, 2 * 9);
        assertThat(hits).allMatch(hit -> hit.getVerdict() == Verdict.NODE);
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void moneroPeersAreNodes(View view) throws IOException {
        Conversation talk =
                new Conversation()
                        .client(Frames.levin(1001, true, 226))
                        .server(Frames.levin(1001, false, 800))
                        .midstream()
                        .client(Frames.levin(1002, true, 300))
                        .server(Frames.levin(1002, false, 700))
                        .server(Frames.levin(2002, true, 1300))
                        .client(Frames.levin(2002, true, 1100));
        assertNodes(talk.hits(view, folder), "node-monero", view);
    }

    @Test
    void ethereumPeersAreNodesByTheirHandshakeAndByDiscovery() throws IOException {
        Random random = new Random(4);
        Conversation rlpx =
                new Conversation()
                        .client(Frames.rlpx(random, 431))
                        .server(Frames.rlpx(random, 388))
                        .client(Frames.random(random, 200));
        assertNodes(rlpx.hits(View.WHOLE, folder), "node-ethereum", View.WHOLE);
        assertThat(rlpx.hits(View.CLIENT_HALF, folder)).isEmpty();

        Conversation discovery =
                new Conversation()
                        .client(Frames.discovery(random, 1, 28))
                        .server(Frames.discovery(random, 2, 49))
                        .client(Frames.discovery(random, 3, 73))
                        .server(Frames.discovery(random, 4, 900));
        assertNodes(discovery.datagramHits(folder), "node-ethereum", View.WHOLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = View.class,
            names = {"WHOLE", "ONE_BYTE_SEGMENTS", "CLIENT_HALF", "SERVER_HALF"})
    void p2poolPeersAreNodes(View view) throws IOException {
        Random random = new Random(5);
        byte[] challenge = Frames.join(new byte[1], Frames.random(random, 16));
        Conversation talk =
                new Conversation()
                        .client(challenge)
                        .server(challenge)
                        .client(Frames.p2poolSolution(random))
                        .server(Frames.p2poolSolution(random))
                        .client(Frames.p2poolPortAndRequest())
                        .server(Frames.p2poolPortAndRequest());
        assertNodes(talk.hits(view, folder), "p2pool", view);
    }

    @Test
    void wholeCipherBlocksArePossibleAtMost() throws IOException {
        Random random = new Random(6);
        Conversation talk = new Conversation();
        for (int i = 0; i < 100; i++) {
            talk.client(Frames.blocks(random, 16 * (5 + random.nextInt(20))));
            talk.server(Frames.blocks(random, 16 * (5 + random.nextInt(60))));
        }
        Hit hit = only(talk.hits(View.WHOLE, folder), Conversation.CLIENT);
        assertThat(hit.getVerdict()).isEqualTo(Verdict.POSSIBLE);
    }

    private static void assertNodes(List<Hit> hits, String protocol, View view) {
        assertThat(hits).as("%s", view).hasSize(2);
        for (Hit hit : hits) {
            assertThat(hit.getVerdict()).isEqualTo(Verdict.NODE);
            assertThat(hit.getProtocolsList()).containsExactly(protocol);
            assertThat(hit.hasShares()).isFalse();
            assertThat(hit.getPoolsList()).isEmpty();
        }
        assertThat(hits.stream().map(HitText::sourceIp))
                .containsExactlyInAnyOrderElementsOf(
                        Set.of(Conversation.CLIENT, Conversation.SERVER));
    }

    private static Hit only(List<Hit> hits, String source) {
        assertThat(hits).hasSize(1);
        assertThat(HitText.sourceIp(hits.getFirst())).isEqualTo(source);
        return hits.getFirst();
    }
}
