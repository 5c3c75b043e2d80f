package dev.wadi.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation, as Markdown has it. */
record Page(Path file, List<String> lines) {
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$");

    /**
     * A fenced block.
     *
     * @param language as the fence says it; empty when it does not
     * @param line of the fence, from 1
     */
    record Block(Path file, String language, int line, String text) {
        @Override
        public String toString() {
            return "%s:%d %s".formatted(file, line, language);
        }
    }

    /** A link as it is written, with the line it is in, from 1. */
    record Link(String target, int line) {}

    /** All pages that are kept beside the code. */
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        for (String top : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
            pages.add(read(Path.of(top)));
        }
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                pages.add(read(file));
            }
        }
        return pages;
    }

    static Page read(Path file) throws IOException {
        return new Page(file, Files.readAllLines(file));
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        boolean inside = false;
        String language = "";
        int begin = 0;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("```") && !inside) {
                inside = true;
                language = line.substring(3).strip();
                begin = i + 1;
                text.setLength(0);
            } else if (line.startsWith("```")) {
                blocks.add(new Block(file, language, begin, text.toString()));
                inside = false;
            } else if (inside) {
                text.append(line).append('\n');
            }
        }
        return blocks;
    }

    List<Block> blocks(String language) {
        return blocks().stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    List<Link> links() {
        List<Link> links = new ArrayList<>();
        List<String> prose = prose();
        for (int i = 0; i < prose.size(); i++) {
            int line = i + 1;
            LINK.matcher(prose.get(i).replaceAll("`[^`]*`", ""))
                    .results()
                    .forEach(found -> links.add(new Link(found.group(1), line)));
        }
        return links;
    }

    /** Of headings, as GitHub makes them. */
    Set<String> anchors() {
        Set<String> anchors = new TreeSet<>();
        for (String line : prose()) {
            HEADING.matcher(line).results().forEach(found -> anchors.add(anchor(found.group(1))));
        }
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    /** The lines outside of fences; those inside are empty. */
    private List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean fenced = false;
        for (String line : lines) {
            boolean fence = line.startsWith("```");
            prose.add(fenced || fence ? "" : line);
            fenced ^= fence;
        }
        return prose;
    }
}
