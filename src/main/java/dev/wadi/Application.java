package dev.wadi;

import dev.wadi.cli.CommandLine;
import dev.wadi.cli.DataDesk;
import dev.wadi.cli.LintDesk;
import dev.wadi.cli.RebuildDesk;
import dev.wadi.cli.SqlDesk;
import dev.wadi.cli.TableDesk;
import dev.wadi.cli.TryDesk;
import dev.wadi.local.Server;
import java.util.Objects;

/** Starts Wadi. */
public final class Application {
    private Application() {}

    public static void main(String[] args) {
        String version = Objects.requireNonNullElse(
                Application.class.getPackage().getImplementationVersion(), "(built from a work tree)");
        switch (CommandLine.parse(version, args)) {
            case CommandLine.Serve serve -> System.exit(new Server(version, System.out, System.err).run());
            case CommandLine.Tend tend -> {
                // A command prints its result; what the server logs would be in the way.
                System.setProperty("logback.configurationFile", "logback-cli.xml");
                System.exit(new TableDesk(System.out, System.err).run(tend.task()));
            }
            case CommandLine.Data data -> {
                System.setProperty("logback.configurationFile", "logback-cli.xml");
                System.exit(new DataDesk(System.out, System.err).run(data.task()));
            }
            case CommandLine.Lint lint -> {
                System.setProperty("logback.configurationFile", "logback-cli.xml");
                System.exit(new LintDesk(System.out, System.err).run(lint.json()));
            }
            case CommandLine.Try run -> {
                System.setProperty("logback.configurationFile", "logback-cli.xml");
                System.exit(new TryDesk(System.out, System.err).run(run.route(), run.input(), run.json()));
            }
            case CommandLine.Renew renew -> {
                System.setProperty("logback.configurationFile", "logback-cli.xml");
                System.exit(new RebuildDesk(System.out, System.err).run(renew.table(), renew.compare(), renew.json()));
            }
            case CommandLine.Query query -> {
                System.setProperty("logback.configurationFile", "logback-cli.xml");
                System.exit(new SqlDesk(System.out, System.err).run(query.statement()));
            }
            case CommandLine.Print print -> System.out.println(print.text());
            case CommandLine.Refuse refuse -> {
                System.err.println(refuse.text());
                System.exit(2);
            }
        }
    }
}
