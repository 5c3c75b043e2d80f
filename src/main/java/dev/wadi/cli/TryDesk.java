package dev.wadi.cli;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.wadi.contract.TableName;
import dev.wadi.local.Settings;
import dev.wadi.route.RouteTry;
import dev.wadi.route.Routes;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs one route on the events of a file, into a lake that is gone afterwards, and prints what became of them. */
public final class TryDesk {
    private final PrintStream out;
    private final PrintStream err;

    public TryDesk(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Returns the exit code of the process: 0 when the route was done, 1 when it failed, 2 when it cannot be tried. */
    public int run(String route, Optional<Path> input, boolean json) {
        try {
            return Configured.run(configuration -> run(Settings.read(configuration), route, input, json));
        } catch (RuntimeException e) {
            err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            return TableDesk.REFUSED;
        }
    }

    int run(Settings settings, String route, Optional<Path> input, boolean json) {
        Map<String, Object> properties = new LinkedHashMap<>(LintDesk.embedded(settings));
        properties.put("wadi.schemas-dir", settings.schemasDir().toString());
        try (ScratchFolder scratch = ScratchFolder.create("wadi-try");
                RouteTry trial = new RouteTry(settings.routesDir(), route, scratch.path(), properties)) {
            RouteTry.Outcome outcome = trial.run(input.orElse(null));
            print(outcome, json);
            return outcome.failures().isEmpty() ? TableDesk.DONE : TableDesk.FAILED;
        } catch (Routes.UnknownRouteException e) {
            err.println(e.getMessage());
            return TableDesk.REFUSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TableDesk.FAILED;
        }
    }

    private void print(RouteTry.Outcome outcome, boolean json) {
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            Map<String, Object> tables = new LinkedHashMap<>();
            outcome.rows()
                    .forEach((table, rows) -> tables.put(
                            table.toString(), rows.stream().map(RawValue::new).toList()));
            document.put("rows", tables);
            document.put("refused", outcome.refused());
            document.put("failures", outcome.failures());
            JsonPrint.print(out, document);
            return;
        }
        for (Map.Entry<TableName, List<String>> table : outcome.rows().entrySet()) {
            out.printf("%s: %d rows%n", table.getKey(), table.getValue().size());
            table.getValue().forEach(row -> out.println("  " + row));
        }
        if (!outcome.refused().isEmpty()) {
            out.printf("refused: %d%n", outcome.refused().size());
            outcome.refused()
                    .forEach(refused -> out.printf(
                            "  %s: %s for %s: %s%n",
                            refused.position(), refused.reason(), refused.table(), refused.message()));
        }
        if (!outcome.failures().isEmpty()) {
            out.println("failed:");
            outcome.failures().forEach(failure -> out.println("  " + failure));
        }
    }
}
