package dev.wadi.cli;

/** What the words after {@code java -jar wadi.jar} ask for. */
public sealed interface CommandLine {

    /** Run the server. */
    record Serve() implements CommandLine {}

    /** Print {@code text} and end well. */
    record Print(String text) implements CommandLine {}

    /** Complain with {@code text} and end badly. */
    record Refuse(String text) implements CommandLine {}

    /** @param version of this build, as {@code --version} prints it */
    static CommandLine parse(String version, String... words) {
        if (words.length == 0) {
            return new Serve();
        }
        if (words.length == 1) {
            switch (words[0]) {
                case "--help", "-h", "help" -> {
                    return new Print(Help.text());
                }
                case "--version", "-V", "version" -> {
                    return new Print("wadi " + version);
                }
                default -> {
                    // falls to the refusal
                }
            }
        }
        return new Refuse("'%s' is not understood: start Wadi without any word, or with --help or --version."
                .formatted(String.join(" ", words)));
    }
}
