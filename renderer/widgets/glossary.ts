/** What the words of the window mean: read from the documents themselves, so that there is one text. */
import glossary from '../../docs/glossary.md?raw';
import launchFile from '../../docs/launch-file.md?raw';
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

/** Rows of the first table, `| \`field\` | values | default |`: what a launch file can say there. */
export function readFields(text: string): ReadonlyMap<string, string> {
  const [first = ''] = text.split(/^## /m);
  const found = new Map<string, string>();
  for (const [, field = '', values = '', usual = ''] of first.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm))
    found.set(field, plain(`${values}; by default ${usual}`));
  return found;
}

/** The text of a section up to its first list, table or code. */
function readSection(text: string, title: string): string {
  const [, section = ''] = text.split(`\n## ${title}\n`);
  return plain(section.split(/\n(?:\n|- )/)[0] ?? '');
}

export const words = readGlossary(glossary);
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
  'Newly shared': 'shared',
  'pages left shared': 'shared',
  'Under each policy': 'policy',
  'Offset from TP': 'TP',
  'Carve-outs': 'carve-out',
};

/** The word of the glossary that a label of the window stands for; null where it needs no explanation. */
export const wordOf = (label: string): string | null =>
  called[label] ?? byLabel.get(label.toLowerCase()) ?? byLabel.get(label.toLowerCase().replace(/s$/, '')) ?? null;

/** What a field of a launch file is looked up by: `gates of a launch file`. */
export const fieldWord = (field: string): string => `${field} of a launch file`;
/** What a policy object of a launch file is looked up by. */
export const OWN_POLICY = "a policy of one's own";

/** A field is told by the word that it has in the glossary, then by what may stand there. */
const fields = [...readFields(launchFile)].map(([field, values]) => {
  const word = wordOf(field);
  const meaning = word === null ? '' : `${words.get(word)}. `;
  const section = field === 'compartments' ? ` ${readSection(launchFile, 'Compartments')}` : '';
  return [fieldWord(field), `${meaning}Here: ${values}.${section}`] as const;
});
const meanings = new Map([
  ...words,
  ...readRules(rules),
  ...fields,
  [OWN_POLICY, readSection(launchFile, 'Policies')] as const,
]);

/** What a word or a rule means; null for one that no document explains. */
export const meaningOf = (word: string): string | null => meanings.get(word) ?? null;

/** Every alias, for the test that holds them to the glossary. */
export const aliases: readonly string[] = Object.values(called);
