package dev.wadi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.local.Setting;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void noWordServes() {
        assertThat(CommandLine.parse("1.2")).isEqualTo(new CommandLine.Serve());
    }

    @Test
    void versionIsPrinted() {
        assertThat(CommandLine.parse("1.2", "--version")).isEqualTo(new CommandLine.Print("wadi 1.2"));
    }

    @Test
    void helpNamesEverySettingWithItsDefault() {
        assertThat(CommandLine.parse("1.2", "--help")).isInstanceOfSatisfying(CommandLine.Print.class, help -> {
            for (Setting setting : Setting.values()) {
                assertThat(help.text()).contains(setting.variable()).contains(setting.meaning());
            }
            assertThat(help.text())
                    .contains("(8080)")
                    .contains("(WADI_DATA_DIR/lake)")
                    .contains("(unset)");
        });
    }

    @Test
    void aStatementIsTheRestOfTheWords() {
        assertThat(CommandLine.parse("1.2", "sql", "SELECT", "1")).isEqualTo(new CommandLine.Query("SELECT 1"));
        assertThat(CommandLine.parse("1.2", "sql")).isInstanceOf(CommandLine.Refuse.class);
    }

    @Test
    void anythingElseIsRefusedWithTheCure() {
        assertThat(CommandLine.parse("1.2", "start", "now"))
                .isEqualTo(
                        new CommandLine.Refuse(
                                "'start now' is not understood: start Wadi without any word, with a command, or with --help or --version."));
    }
}
