package dev.wadi.poll;

import java.sql.SQLException;

/** What keeps a poll from reading, in one line with its cure. */
final class PollProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private PollProblem(String message, SQLException cause) {
        super(message, cause);
    }

    static PollProblem explain(SQLException failure) {
        String said = String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        String cure = switch (state) {
            case "42P01", "3F000" -> ". Create it, or correct the SELECT of the route";
            case "42703" -> ". Add the column, or correct the SELECT of the route";
            case "42501" -> ". Grant SELECT on it to the user that JDBC_URL names";
            case "3D000", "28000", "28P01" -> ". Correct JDBC_URL";
            default -> "";
        };
        String problem = state.startsWith("08") || state.startsWith("57P") ? "the database is away: " : "";
        return new PollProblem(problem + said + cure, failure);
    }
}
