/** Tests known to fail on real keys, each with its reason. One that passes is an error too: it must leave this list. */
export const known: ReadonlyMap<string, string> = new Map([]);
