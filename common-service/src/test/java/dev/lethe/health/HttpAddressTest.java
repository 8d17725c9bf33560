package dev.lethe.health;

import static dev.lethe.config.YamlConfig.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpAddressTest {
    @Test
    void byDefaultItIsEveryInterfaceAndThePortOfTheService() throws Exception {
        assertThat(yaml("{}").<HttpAddress>value(section -> HttpAddress.read(section, 8081)))
                .isEqualTo(new HttpAddress("0.0.0.0", 8081));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        assertThat(yaml("{host: 127.0.0.1, port: 0}").<HttpAddress>value(section -> HttpAddress.read(section, 8081)))
                .isEqualTo(new HttpAddress("127.0.0.1", 0));
    }
}
