/**
 * Functions and variables of whole modules by name. A log has no symbol tables: a session reads them, when asked, from
 * the modules' files on its machine, where these are still of the build that the log speaks of.
 */
import { z } from 'zod';

/** What a symbol stands for; labels are what assembly and linker scripts define without a type. A wire format. */
export const symbolKinds = ['function', 'object', 'label'] as const;
export type SymbolKind = (typeof symbolKinds)[number];

/** A module as its row in the log says. */
export const symbolModule = z.strictObject({ path: z.string().max(4096), buildId: z.string().max(128).nullable() });
export type SymbolModule = z.infer<typeof symbolModule>;

/** A live process that has these modules loaded now: of a file without a build id, its mapping says that it is the one. */
export const symbolPid = z.int().min(1).optional();

/** At most this many symbols are told, the best first: of that very name, then those that begin with it. */
export const MOST_SYMBOLS = 40;

export const symbolsFound = z.object({
  found: z.array(
    z.object({
      name: z.string(),
      /** As its source writes it, where that is another name: C++. */
      written: z.string().optional(),
      /** Which of the modules that were asked about. */
      module: z.int().min(0),
      /** Bytes from the module's base. */
      offset: z.number().min(0),
      /** 0 = its file does not say. */
      size: z.number().min(0),
      kind: z.enum(symbolKinds),
    }),
  ),
  /** How many there are in all. */
  count: z.int().min(0),
  /** Modules whose symbols could not be looked at, or not all, and why. */
  unknown: z.array(z.object({ module: z.int().min(0), why: z.string() })),
});
export type SymbolsFound = z.infer<typeof symbolsFound>;
