package dev.leakverifier.blame;

import dev.leakverifier.check.Findings;

/** What a check found that the same windows have to answer for. */
public record Attributed<W extends Window>(Blame<W> blame, Findings findings) {}
