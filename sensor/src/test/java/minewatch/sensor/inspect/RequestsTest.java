package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestsTest {
    private final Requests requests = new Requests(new Allowance(new BufferBudget(1 << 20), 0));

    @Test
    void replyFindsTheRequestOfTheOtherSideOnly() {
        requests.add(7, 1, 10, true);
        assertThat(requests.find(7, false)).isEqualTo(Requests.NONE);
        assertThat(requests.find(8, true)).isEqualTo(Requests.NONE);
        int slot = requests.find(7, true);
        assertThat(requests.template(slot)).isEqualTo(1);
        assertThat(requests.hashesPerShare(slot)).isEqualTo(10);
    }

    @Test
    void repeatedIdIsAnsweredOldestFirst() {
        for (int template = 0; template < 3; template++) {
            requests.add(7, template, template, true);
        }
        for (int template = 0; template < 3; template++) {
            int slot = requests.find(7, true);
            assertThat(requests.template(slot)).isEqualTo(template);
            assertThat(requests.hashesPerShare(slot)).isEqualTo(template);
            requests.remove(slot);
        }
        assertThat(requests.find(7, true)).isEqualTo(Requests.NONE);
    }

    @Test
    void answersMayComeInAnyOrder() {
        for (int id = 1; id <= 5; id++) {
            requests.add(id, 10 + id, id, true);
        }
        for (int id : new int[] {3, 1, 5, 4, 2}) {
            int slot = requests.find(id, true);
            assertThat(requests.template(slot)).isEqualTo(10 + id);
            requests.remove(slot);
        }
    }

    @Test
    void whenFullTheOldestMakesRoom() {
        for (int id = 1; id <= Requests.CAPACITY + 1; id++) {
            requests.add(id, id, id, true);
        }
        assertThat(requests.find(1, true)).isEqualTo(Requests.NONE);
        for (int id = 2; id <= Requests.CAPACITY + 1; id++) {
            assertThat(requests.template(requests.find(id, true))).isEqualTo(id);
        }
    }
}
