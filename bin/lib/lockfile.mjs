// Looks after package-lock.json: node bin/lib/lockfile.mjs complete | check | installed
//
// complete   adds the optional packages of other platforms. npm leaves them out when a registry does not carry
//            them, and `npm ci` then refuses the lockfile ("Missing: … from lock file"). Run after `npm install`.
// check      says what is wrong with the lockfile: such a gap, or an address of one particular registry.
// installed  exit status 0 when node_modules already is what the lockfile asks for.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ version?: string, dev?: boolean, resolved?: string, link?: boolean, optional?: boolean,
 *   optionalDependencies?: Record<string, string> }} Entry
 * @typedef {{ packages: Record<string, Entry> }} Lock
 */

const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'win32'];
const cpus = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32', 'arm'];

/**
 * What a platform package's name says about where it runs; null when it does not look like one.
 * @param {string} name
 */
const platformOf = (name) => {
  const words = name.split('/').at(-1)?.split('-') ?? [];
  const os = words.find((word) => systems.includes(word));
  const cpu = words.find((word) => cpus.includes(word));
  if (!os || !cpu) return null;
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.includes('gnu') ? 'glibc' : null;
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc ? { libc: [libc] } : {}) };
};

/**
 * Platform packages that some entry names as an optional dependency and the lockfile does not hold.
 * @param {Lock} lock
 */
export const missingEntries = (lock) => {
  /** @type {Record<string, Entry & { os: string[], cpu: string[], libc?: string[] }>} */
  const missing = {};
  for (const entry of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      const key = `node_modules/${name}`;
      if (platform && !lock.packages[key]) missing[key] = { version, dev: true, optional: true, ...platform };
    }
  }
  return missing;
};

/**
 * What is wrong with a lockfile, a sentence each.
 * @param {Lock} lock
 */
export const lockfileProblems = (lock) => {
  const gaps = Object.keys(missingEntries(lock)).length;
  const addresses = Object.values(lock.packages).filter((entry) => entry.resolved && !entry.link).length;
  return [
    ...(gaps ? [`${gaps} optional packages are missing: run node bin/lib/lockfile.mjs complete`] : []),
    ...(addresses
      ? [`${addresses} "resolved" addresses of one registry: keep the project's .npmrc, run npm install`]
      : []),
  ];
};

/** @param {URL} path @returns {Lock} */
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const root = new URL('../../', import.meta.url);
const file = new URL('package-lock.json', root);

/** @type {Record<string, () => number>} */
const actions = {
  complete() {
    const lock = read(file);
    const missing = missingEntries(lock);
    const packages = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
    if (Object.keys(missing).length === 0) return 0;
    writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
    return 0;
  },
  check() {
    const problems = lockfileProblems(read(file));
    for (const problem of problems) console.log(`package-lock.json: ${problem}`);
    return problems.length ? 1 : 0;
  },
  installed() {
    const hidden = new URL('node_modules/.package-lock.json', root);
    if (!existsSync(hidden)) return 1;
    const there = read(hidden).packages;
    const wanted = Object.entries(read(file).packages).filter(([path, entry]) => path && !entry.optional);
    return wanted.every(([path, entry]) => there[path]?.version === entry.version) ? 0 : 1;
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const action = actions[process.argv[2] ?? ''];
  if (!action) console.error(`lockfile.mjs: one of ${Object.keys(actions).join(', ')}`);
  process.exitCode = action ? action() : 2;
}
