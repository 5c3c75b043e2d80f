/**
 * Definitions in YAML, read so that each mistake is told with its file and line, and all of them at once.
 *
 * <p>Floor 0: no framework, no other package of Wadi; it knows words and lines, not what they mean. Read
 * {@link dev.wadi.yaml.YamlFile} first, then {@link dev.wadi.yaml.Section};
 * {@link dev.wadi.yaml.FileWatch} tells when files change.
 */
@NullMarked
package dev.wadi.yaml;

import org.jspecify.annotations.NullMarked;
