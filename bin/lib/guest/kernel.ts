/** QEMU and Debian's kernel for the guest: installed or fetched by apt where possible, kept in build/guest. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where everything of the guest lies; may be deleted at any time. */
export const guestFolder = resolve('build/guest');
const unpacked = join(guestFolder, 'kernel');
export const qemu = 'qemu-system-x86_64';

/** The guest cannot run on this machine; the message says how it could. */
export class Unavailable extends Error {}

export interface Kernel {
  /** What QEMU boots. */
  readonly image: string;
  /** Folder of its modules. */
  readonly modules: string;
}

const run = (command: string, args: readonly string[], cwd = guestFolder) =>
  spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });

const works = (command: string, args: readonly string[]): boolean => run(command, args).status === 0;

/** Installs QEMU where we are root. */
export function needQemu(): void {
  mkdirSync(guestFolder, { recursive: true });
  if (works(qemu, ['--version'])) return;
  const install = ['install', '-y', '--no-install-recommends', 'qemu-system-x86'];
  const command = `sudo apt-get ${install.join(' ')}`;
  if (process.getuid?.() !== 0) throw new Unavailable(`${qemu} is missing; install it: ${command}`);
  console.log('guest: installing qemu-system-x86 …');
  if (!works('apt-get', install)) run('apt-get', ['update']);
  if (!works('apt-get', install)) throw new Unavailable(`${qemu} could not be installed; try: ${command}`);
}

/** The kernel package that `linux-image-amd64` stands for. */
function packageName(): string | undefined {
  return /Depends: (linux-image-\S+)/.exec(run('apt-cache', ['depends', 'linux-image-amd64']).stdout ?? '')?.[1];
}

/** Fetches and unpacks the kernel package: no root needed, nothing is installed. */
function fetchKernel(): void {
  if (!packageName()) run('apt-get', ['update']);
  const name = packageName();
  if (!name) throw new Unavailable('apt knows no linux-image-amd64; try: sudo apt-get update');
  console.log(`guest: fetching ${name} …`);
  const fetch = (): boolean => works('apt-get', ['download', name]);
  let fetched = fetch();
  if (!fetched) {
    run('apt-get', ['update']);
    fetched = fetch();
  }
  const file = readdirSync(guestFolder).find((entry) => entry.startsWith(name) && entry.endsWith('.deb'));
  if (!fetched || !file) {
    throw new Unavailable(`${name} could not be fetched; try: (cd build/guest && apt-get download ${name})`);
  }
  const fresh = `${unpacked}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const { status, stderr } = run('dpkg', ['-x', file, fresh]);
  if (status !== 0) throw new Error(`${file} could not be unpacked: ${stderr}`);
  rmSync(join(guestFolder, file));
  rmSync(unpacked, { recursive: true, force: true });
  renameSync(fresh, unpacked);
}

/** The uncompressed kernel, which boots some seconds sooner; null when `image` holds no xz stream. */
function uncompressed(image: string): string | null {
  const target = join(unpacked, 'vmlinux');
  if (existsSync(target)) return target;
  const bytes = readFileSync(image);
  const start = bytes.indexOf(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]));
  if (start < 0) return null;
  // What follows the stream is no xz: the exit status says so, the output is whole.
  const { stdout } = spawnSync('xz', ['-dc', '--single-stream'], { input: bytes.subarray(start), maxBuffer: 1 << 30 });
  if (stdout?.subarray(0, 4).toString('latin1') !== '\x7fELF') return null;
  writeFileSync(`${target}.new`, stdout);
  renameSync(`${target}.new`, target);
  return target;
}

/** The kernel, fetched the first time. */
export function needKernel(): Kernel {
  if (!existsSync(join(unpacked, 'boot'))) fetchKernel();
  const image = readdirSync(join(unpacked, 'boot')).find((entry) => entry.startsWith('vmlinuz-'));
  if (!image) throw new Error(`no kernel in ${unpacked}/boot; delete build/guest and try again`);
  const path = join(unpacked, 'boot', image);
  return { image: uncompressed(path) ?? path, modules: join(unpacked, 'lib/modules', image.slice('vmlinuz-'.length)) };
}
