package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.Contracts;
import dev.wadi.yaml.Mistakes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KpisTest {
    private static final String GOOD = """
            name: spend
            title: Spend
            description: Money.
            unit: amount
            owner: sales
            table: gold.fact_orders
            measure: sum(amount)
            additivity: additive
            time: booked_date
            grains: [day, month]
            filter: status <> 'cancelled'
            alwaysBy: [currency]
            dimensions:
              currency: currency
              country: {table: gold.dim_customer, foreignKey: customer_key, key: customer_key, column: country}
            """;

    @TempDir
    Path folder;

    @Test
    void the_kpis_that_are_shipped_pass_their_tests_and_each_has_one() {
        Contracts contracts = Contracts.load(Path.of("schemas", "tables"));
        Kpis kpis = Kpis.load(Path.of("schemas", "kpis"), contracts);
        Mistakes mistakes = new Mistakes();
        try (KpiTrial trial = new KpiTrial(contracts)) {
            assertThat(trial.run(kpis, mistakes))
                    .isGreaterThanOrEqualTo(kpis.names().size());
        }

        assertThat(mistakes.lines()).isEmpty();
        assertThat(kpis.names()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(kpis.names()).allSatisfy(name -> assertThat(kpis.tests(name)).isNotEmpty());
    }

    @Test
    void the_definitions_in_the_docs_pass_their_tests() throws IOException {
        Contracts contracts = Contracts.load(Path.of("schemas", "tables"));
        for (String page : List.of("how-to/add-a-kpi.md", "reference/kpis.md")) {
            String text = Files.readString(Path.of("docs").resolve(page));
            int start = text.indexOf("```yaml\n") + 8;
            write(page.replace('/', '-') + ".kpi.yaml", text.substring(start, text.indexOf("```", start)));
        }
        Mistakes mistakes = new Mistakes();
        try (KpiTrial trial = new KpiTrial(contracts)) {
            assertThat(trial.run(Kpis.load(folder, contracts), mistakes)).isEqualTo(2);
        }
        assertThat(mistakes.lines()).isEmpty();
    }

    @Test
    void a_test_that_fails_is_told_with_its_line_and_both_answers() throws IOException {
        Path file = write("spend.kpi.yaml", GOOD + """
                tests:
                  - name: all of it
                    rows: {gold.fact_orders: [{amount: 2, currency: EUR, status: created}, {amount: 3, currency: EUR, status: cancelled}]}
                    expect: [{currency: EUR, value: 5}]
                  - name: by a wrong name
                    ask: {by: land}
                    expect: []
                  - name: with no number
                    rows: {gold.fact_orders: [{amount: many}]}
                    expect: []
                """);
        Mistakes mistakes = new Mistakes();
        try (KpiTrial trial = new KpiTrial(Gold.contracts())) {
            assertThat(trial.run(load(), mistakes)).isEqualTo(3);
        }

        assertThat(mistakes.lines()).hasSize(3);
        assertThat(mistakes.lines().get(0))
                .isEqualTo(file + ":19: the test 'all of it' expects [{currency=EUR, value=5}], and the answer is"
                        + " [{currency=EUR, value=2.00}]. Correct the definition or the test.");
        assertThat(mistakes.lines().get(1))
                .contains(":22: the test 'by a wrong name' asks no question: spend has no dimension 'land'");
        assertThat(mistakes.lines().get(2))
                .contains(":25: the test 'with no number' has rows that do not fit their table");
    }

    @Test
    void a_definition_says_how_its_values_are_made_shown_added_and_seen() throws IOException {
        write(
                "spend.kpi.yaml",
                GOOD.replace(
                                        "measure: sum(amount)",
                                        "measure: {numerator: sum(amount), denominator: count(*), decimals: 2}")
                                .replace(
                                        "additivity: additive",
                                        "additivity: non-additive\nformat: {style: currency, decimals: 2}\ninstant: booked_at")
                        + "rowFilter: {country: countries}\ndefaults: {where: ['country:ne:XX'], order: value:desc, limit: 5}\n");

        Kpi kpi = load().find("spend").orElseThrow();

        assertThat(kpi.measure()).isEqualTo(new Measure.Ratio("sum(amount)", "count(*)", 2));
        assertThat(kpi.additivity()).isEqualTo(Additivity.NON_ADDITIVE);
        assertThat(kpi.display()).isEqualTo(new Display(Display.Style.CURRENCY, 2));
        assertThat(kpi.time()).isEqualTo(new TimeColumns("booked_date", "booked_at"));
        assertThat(kpi.rowFilters()).containsExactly(new RowFilter("country", "countries"));
        assertThat(kpi.defaults()).isEqualTo(new Defaults(List.of("country:ne:XX"), "value:desc", 5));
    }

    @Test
    void who_asks_sees_the_rows_of_their_claim_and_nothing_without_it() throws IOException {
        write("spend.kpi.yaml", GOOD + "rowFilter: {country: countries}\n");
        Kpi kpi = load().find("spend").orElseThrow();
        Clock clock = Clock.systemUTC();

        assertThat(QuestionReader.read(kpi, Map.of(), clock, Claims.OPEN).where())
                .isEmpty();
        assertThat(QuestionReader.read(kpi, Map.of(), clock, new Claims(Map.of("countries", List.of("FR", "DE"))))
                        .text())
                .contains("where=country:in:DE,FR");
        assertThatThrownBy(() -> QuestionReader.read(kpi, Map.of(), clock, new Claims(Map.of())))
                .isInstanceOf(ForbiddenQuestionException.class)
                .hasMessage(
                        "spend is answered only for the values of country in your claim 'countries', and you have none."
                                + " Ask for that claim.");
    }

    @Test
    void a_definition_is_read_as_it_is_written() throws IOException {
        write("a/spend.kpi.yaml", GOOD);

        Kpi kpi = load().find("spend").orElseThrow();

        assertThat(kpi.measure()).isEqualTo(new Measure.Aggregate("sum(amount)"));
        assertThat(kpi.grains()).containsExactly(Grain.DAY, Grain.MONTH);
        assertThat(kpi.dimensionNames()).containsExactly("currency", "country");
        assertThat(kpi.dimension("country").orElseThrow().join())
                .hasToString("Join[table=gold.dim_customer, foreignKey=customer_key, key=customer_key]");
    }

    @Test
    void without_a_folder_there_are_no_kpis() {
        assertThat(Kpis.load(folder.resolve("none"), Gold.contracts()).all()).isEmpty();
    }

    /** Each changes one piece of a good definition and says where and how that is told. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: spend                 | name: Spend It                 | :1: the name 'Spend It' cannot stand in an address. Write it in lower case with - between words
            name: spend                 | nam: spend                     | :1: unknown key 'nam'. Use only name, title,
            name: spend                 | nam: spend                     | :1: 'name' is missing. Write name: average-order-value.
            title: Spend                | title:                         | :2: 'title' has no text. Write title: Revenue.
            unit: amount                | title: Again                   | :4: a KPI definition: the key 'title' is there already, in line 2. Keep one of them.
            table: gold.fact_orders     | table: gold.fact_order         | :6: no contract describes a table 'gold.fact_order'. Use one of gold.
            table: gold.fact_orders     | table: Orders                  | :6: no contract describes a table 'Orders'.
            measure: sum(amount)        | measure: sum(amout)            | :7: DuckDB does not take the measure: Binder Error: Referenced column "amout" not found in FROM clause! Candidate bindings: "amount"
            measure: sum(amount)        | measure: amount                | :7: DuckDB does not take the measure: Binder Error: column "amount" must appear in the GROUP BY clause
            measure: sum(amount)        | measure: sum(amount            | :7: DuckDB does not take the measure: Parser Error
            measure: sum(amount)        | measure: max(status)           | :7: the measure is a VARCHAR, not a number. Write an SQL aggregate over the columns of gold.fact_orders
            time: booked_date           | time: booked                   | :9: gold.fact_orders has no column 'booked'. Use one of
            grains: [day, month]        | grains: [day, months]          | :10: unknown grain 'months'. Use only hour, day, week, month, quarter, year.
            grains: [day, month]        | grains: day                    | :10: 'grains' is not a list. Write grains: [day, month].
            grains: [day, month]        | grains: [day, day]             | :10: the grain 'day' is there twice. Keep one of them.
            filter: status <> 'cancelled'| filter: state = 'x'           | :11: DuckDB does not take the filter: Binder Error: Referenced column "state" not found
            filter: status <> 'cancelled'| filter: amount + 1            | not a condition. Write an SQL condition on the columns of gold.fact_orders.
            alwaysBy: [currency]        | alwaysBy: [money]              | :12: alwaysBy names 'money', which is no dimension. Use one of currency, country, or add it under dimensions.
            currency: currency          | currency: curency              | :14: gold.fact_orders has no column 'curency'.
            currency: currency          | currency: [currency]           | :14: the dimension 'currency' is neither a column nor a mapping. Write currency: column.
            key: customer_key,          | key: customer,                 | has no column 'customer'.
            table: gold.dim_customer,   | table: gold.customer,          | :15: no contract describes a table 'gold.customer'.
            table: gold.dim_customer,   | tables: gold.dim_customer,     | :15: unknown key 'tables'. Use only column, table, foreignKey, key, example.
            title: Spend                | title: "Spend                  | not YAML:
            time: booked_date           | time: status                   | :9: the column 'status' of gold.fact_orders is a VARCHAR, neither a date nor a timestamp. Name a column of type DATE or TIMESTAMP.
            grains: [day, month]        | grains: [hour]                 | :10: the grain 'hour' needs a time of day, and the column 'booked_date' holds whole days. Leave the grain out, or name a TIMESTAMP column with instant: booked_at.
            filter: status <> 'cancelled'| instant: quantity            | 'instant' stands beside a date, and quantity is a INTEGER beside a DATE. Name a column of type TIMESTAMP
            additivity: additive        | additivity: mostly             | :8: unknown additivity 'mostly'. Use one of additive, semi-additive, non-additive.
            additivity: additive        | owners: x                      | 'additivity' is missing. Write additivity: additive.
            measure: sum(amount)        | measure: count(DISTINCT customer_key) | :8: additivity is additive, but count(DISTINCT ...) of two groups may count the same twice. Write additivity: non-additive.
            measure: sum(amount)        | measure: sum(amount) + 1 | :8: additivity is additive, but a constant is counted once in each group. Write additivity: non-additive.
            measure: sum(amount)        | measure: coalesce(sum(amount), 5) | :8: additivity is additive, but a constant is counted once in each group. Write additivity: non-additive.
            measure: sum(amount)        | measure: avg(amount)           | :8: additivity is additive, but it is computed with avg, which is no sum.
            measure: sum(amount)        | measure: sum(amount) / count(*) | but it is computed with /, which is no sum.
            measure: sum(amount)        | measure: {numerator: sum(amount), denominator: count(*)} | but a sum of ratios is not the ratio of the sums.
            measure: sum(amount)        | measure: {numerator: sum(amount), denominator: status} | DuckDB does not take the denominator
            measure: sum(amount)        | measure: {numerator: sum(amount)} | 'denominator' is missing
            alwaysBy: [currency]        | rowFilter: {land: countries}   | rowFilter names 'land', which is no dimension. Use one of currency, country
            alwaysBy: [currency]        | defaults: {order: land}        | the defaults are no question: order=land: the rows have no 'land' to sort by.
            alwaysBy: [currency]        | defaults: {limit: 0}           | 'limit' is 0. Write a whole number from 1 to 10000.
            alwaysBy: [currency]        | format: money                  | unknown format 'money'. Use one of number, percent, currency, seconds.
            alwaysBy: [currency]        | tests: [{name: x}]             | 'expect' is missing. Write expect: [{value: 3}].
            currency: currency          | value: currency                | :14: 'value' cannot name a dimension.
            column: country             | column: land                   | :15: gold.dim_customer has no column 'land'.
            key: customer_key,          | key: country,                  | 'country' may be the same in several rows of gold.dim_customer, and facts would count once for each.
            """)
    void a_mistake_is_told_with_line_problem_and_cure(String right, String wrong, String told) throws IOException {
        assertThat(GOOD).contains(right);
        Path file = write("spend.kpi.yaml", GOOD.replace(right, wrong));

        assertThatThrownBy(this::load)
                .isInstanceOf(KpiException.class)
                .hasMessageContaining(file + ":")
                .hasMessageContaining(told);
    }

    @Test
    void all_mistakes_of_all_files_are_told_at_once() throws IOException {
        Path one = write("one.kpi.yaml", GOOD.replace("day", "days").replace("currency: currency", "currency: money"));
        Path two = write("two.kpi.yaml", "- no\n");

        assertThatThrownBy(this::load)
                .hasMessageStartingWith("The KPI definitions have 3 mistakes:")
                .hasMessageContaining(one + ":10: unknown grain 'days'")
                .hasMessageContaining(one + ":14: gold.fact_orders has no column 'money'")
                .hasMessageContaining(two + ":1: a KPI definition is expected here");
    }

    @Test
    void two_definitions_of_one_name_are_a_mistake() throws IOException {
        Path one = write("one.kpi.yaml", GOOD);
        Path two = write("two.kpi.yaml", "\n" + GOOD);

        assertThatThrownBy(this::load)
                .hasMessageContaining(
                        "%s:2: %s:1 has the name 'spend' already. Give one of them another name.".formatted(two, one));
    }

    @Test
    void a_file_that_is_no_utf8_is_a_mistake() throws IOException {
        Path file = folder.resolve("x.kpi.yaml");
        Files.write(file, "name: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(this::load).hasMessageContaining(file + ":1: not UTF-8. Save the file as UTF-8.");
    }

    private Kpis load() {
        return Kpis.load(folder, Gold.contracts());
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
