/** Imported first: the page's security policy forbids `eval`, which zod would otherwise try while it builds schemas. */
import { config } from 'zod';

config({ jitless: true });
