package dev.wadi.cli;

import dev.wadi.contract.Contracts;
import dev.wadi.engine.ContractSql;
import dev.wadi.engine.DuckDb;
import dev.wadi.kpi.KpiTrial;
import dev.wadi.kpi.Kpis;
import dev.wadi.local.Setting;
import dev.wadi.local.Settings;
import dev.wadi.route.RouteCheck;
import dev.wadi.yaml.Mistakes;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Checks what a person has written, all of it together: contracts, KPIs, routes, and the SQL in each. It needs no service, opens
 * no port and leaves nothing behind.
 */
public final class LintDesk {
    private static final Pattern MISTAKE = Pattern.compile("(?s)(.+?)(?::(\\d+))?: (.*)");
    private static final Pattern CONTRACT = Pattern.compile("([a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*)\\.odcs\\.yaml");

    private final PrintStream out;
    private final PrintStream err;

    public LintDesk(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Returns the exit code of the process: 0 without a mistake, 1 with one, 2 when it could not check. */
    public int run(boolean json) {
        try {
            return Configured.run(configuration -> run(Settings.read(configuration), json));
        } catch (RuntimeException e) {
            err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            return TableDesk.REFUSED;
        }
    }

    int run(Settings settings, boolean json) {
        try (ScratchFolder spill = ScratchFolder.create("wadi-lint");
                DuckDb duckDb = new DuckDb(settings.duckDbMemory(), 1, spill.path())) {
            Mistakes inContracts = new Mistakes();
            Contracts contracts = Contracts.load(settings.schemasDir().resolve("tables"), inContracts);
            Mistakes inRest = new Mistakes();
            Kpis kpis = Kpis.load(settings.schemasDir().resolve("kpis"), contracts, inRest);
            int tests;
            try (KpiTrial trial = new KpiTrial(contracts)) {
                tests = trial.run(kpis, inRest);
            }
            int routes = RouteCheck.run(settings.routesDir(), contracts, duckDb, embedded(settings), inRest);

            List<String> all = new ArrayList<>(inContracts.lines());
            all.addAll(new ContractSql(duckDb).mistakes(contracts));
            Set<String> broken = broken(inContracts);
            // What rests on a contract that cannot be read is told when that is right: now it would be told wrongly.
            inRest.lines().stream()
                    .filter(line -> broken.stream().noneMatch(line::contains))
                    .forEach(all::add);
            print(json, all, new Counts(contracts.all().size(), kpis.all().size(), tests, routes));
            return all.isEmpty() ? TableDesk.DONE : TableDesk.FAILED;
        }
    }

    /** What a run sets itself when it starts the parts inside. */
    static Map<String, Object> embedded(Settings settings) {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (settings.rabbitMqUri().isEmpty()) {
            properties.put(
                    Setting.RABBITMQ_URI.key(), "amqp://guest:guest@127.0.0.1:%d".formatted(settings.amqpPort()));
        }
        if (settings.jdbcUrl().isEmpty()) {
            properties.put(
                    Setting.JDBC_URL.key(),
                    "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(settings.postgresPort()));
        }
        return properties;
    }

    /** Names of the tables whose contracts cannot be read: files are named after them. */
    private static Set<String> broken(Mistakes mistakes) {
        return mistakes.lines().stream()
                .flatMap(line -> CONTRACT.matcher(line).results())
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** @param tests those that the KPIs bring */
    private record Counts(int contracts, int kpis, int tests, int routes) {}

    private void print(boolean json, List<String> mistakes, Counts counts) {
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("mistakes", mistakes.stream().map(LintDesk::entry).toList());
            document.put("contracts", counts.contracts());
            document.put("kpis", counts.kpis());
            document.put("kpiTests", counts.tests());
            document.put("routes", counts.routes());
            JsonPrint.print(out, document);
            return;
        }
        mistakes.forEach(out::println);
        out.println(
                mistakes.isEmpty()
                        ? "%d contracts, %d KPIs with %d tests and %d routes are right"
                                .formatted(counts.contracts(), counts.kpis(), counts.tests(), counts.routes())
                        : mistakes.size() == 1 ? "1 mistake" : mistakes.size() + " mistakes");
    }

    /** @return {@code file}, {@code line} (null when it is the file as a whole), {@code message} */
    private static Map<String, Object> entry(String mistake) {
        Map<String, Object> entry = new LinkedHashMap<>();
        Matcher parts = MISTAKE.matcher(mistake);
        boolean known = parts.matches();
        String line = known ? parts.group(2) : null;
        entry.put("file", known ? parts.group(1) : null);
        entry.put("line", line == null ? null : Integer.valueOf(line));
        entry.put("message", known ? parts.group(3) : mistake);
        return entry;
    }
}
