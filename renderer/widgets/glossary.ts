/** What the words of the window mean: read from the documents themselves, so that there is one text. */
import glossary from '../../docs/glossary.md?raw';
import rules from '../../docs/split-tls-policy.md?raw';

/** Without the marks of Markdown: `**`, `*`, backticks, links. */
const plain = (text: string): string =>
  text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** Rows `| **word, another** | meaning |`; each word leads to the row's meaning. */
export function readGlossary(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, words = '', meaning = ''] of text.matchAll(/^\| \*\*(.+?)\*\* \| (.+) \|$/gm))
    for (const word of words.split(', ')) found.set(word, plain(meaning));
  return found;
}

/** Items `- R1. text`, which may run over several lines. */
export function readRules(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, rule = '', meaning = ''] of text.matchAll(/^- ([RAST]\d+)\. (.+(?:\n {2}.+)*)/gm))
    found.set(rule, plain(meaning));
  return found;
}

export const words = readGlossary(glossary);
const meanings = new Map([...words, ...readRules(rules)]);
const byLabel = new Map([...words.keys()].map((word) => [word.toLowerCase(), word] as const));

/** Labels of the window that are not the word itself, nor its plural. */
const called: Readonly<Record<string, string>> = {
  'Key of this page': 'key',
  'Key before': 'key',
  'Key after': 'key',
  'Key now': 'key',
  'Memory by key': 'key',
  'Rights after': 'rights',
  'Rights of threads': 'rights',
  'Made by': 'cause',
  'Mapped by': 'cause',
  'On fault': 'fault',
  'Who touched whose memory': 'accessor',
  'Thread pointer': 'TP',
  'TLS blocks': 'block',
  'Runs as': 'compartment',
  'Gate crossings': 'crossing',
  'emulated keys': 'backend',
  'hardware keys': 'backend',
  'program gates': 'gate',
  'held by scheduler': 'held',
  'policy applied': 'policy',
  'Step of the plan': 'plan',
  Instruction: 'site',
  Planned: 'plan',
  Tagged: 'tag',
  rseq: 'rseq area',
};

/** The word of the glossary that a label of the window stands for; null where it needs no explanation. */
export const wordOf = (label: string): string | null =>
  called[label] ?? byLabel.get(label.toLowerCase()) ?? byLabel.get(label.toLowerCase().replace(/s$/, '')) ?? null;

/** What a word or a rule means; null for one that no document explains. */
export const meaningOf = (word: string): string | null => meanings.get(word) ?? null;

/** Every alias, for the test that holds them to the glossary. */
export const aliases: readonly string[] = Object.values(called);
