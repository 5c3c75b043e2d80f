#!/bin/sh
# Prints the folder of a JDK 21 or newer: JAVA_HOME, else that of `javac` on PATH, else the newest in the usual folders.
# Prints nothing when there is none.
MIN=21
major() { sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release" 2>/dev/null; }
ok() { [ -x "$1/bin/javac" ] && m=$(major "$1") && [ -n "$m" ] && [ "$m" -ge "$MIN" ]; }
if [ -n "$JAVA_HOME" ] && ok "$JAVA_HOME"; then echo "$JAVA_HOME"; exit; fi
p=$(command -v javac) && p=$(readlink -f "$p") && p=${p%/bin/javac} && ok "$p" && { echo "$p"; exit; }
for d in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
  /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  if [ ! -L "$d" ] && ok "$d"; then echo "$m $d"; fi
done | sort -n | tail -1 | cut -d' ' -f2-
