package minewatch.collector.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minewatch.collector.accept.EnrolmentTokens.Token;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTokensTest {
    private static final ByteString HASH = ByteString.copyFromUtf8("hash");
    private TestDatabase database;
    private LedgerTokens tokens;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        tokens = new LedgerTokens(database.dataSource());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void tokenIsOpenUntilItIsUsed() throws Exception {
        assertThat(tokens.find(HASH)).isEqualTo(new Token.Unknown());
        assertThat(tokens.use(HASH)).isFalse();
        tokens.add("tap-1", HASH, Duration.ofHours(1));
        assertThat(tokens.find(HASH)).isEqualTo(new Token.Open("tap-1"));
        assertThat(tokens.use(HASH)).isTrue();
        assertThat(tokens.find(HASH)).isEqualTo(new Token.Used());
        assertThat(tokens.use(HASH)).isFalse();
    }

    @Test
    void tokenEnds() throws Exception {
        tokens.add("tap-1", HASH, Duration.ZERO);
        assertThat(tokens.find(HASH)).isEqualTo(new Token.Expired());
        assertThat(tokens.use(HASH)).isFalse();
    }

    @Test
    void ofManyAtOnceOneUsesIt() throws Exception {
        tokens.add("tap-1", HASH, Duration.ofHours(1));
        List<Future<Boolean>> uses = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                uses.add(threads.submit(() -> tokens.use(HASH)));
            }
        }
        int used = 0;
        for (Future<Boolean> use : uses) {
            used += use.get() ? 1 : 0;
        }
        assertThat(used).isEqualTo(1);
    }
}
