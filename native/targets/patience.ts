/**
 * How long a test waits for what must come: many times what a slow and busy machine needs. Only what never comes is
 * waited for that long.
 */
export const PATIENCE_MS = 60_000;
