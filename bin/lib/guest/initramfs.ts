/** The guest's initramfs: one static program, the modules it loads, and their list. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { guestFolder, type Kernel } from './kernel.ts';

/** In the order in which they are loaded. */
const modules = [
  ...['virtio_ring', 'virtio_pci_modern_dev', 'virtio_pci_legacy_dev', 'virtio', 'virtio_pci', 'virtio_console'],
  ...['netfs', 'fscache', '9pnet', '9pnet_virtio', '9p'],
];
const FOLDER = 0o40755;
const PROGRAM = 0o100755;

/** One entry of a cpio archive in the format `newc`. */
function entry(inode: number, name: string, mode: number, data = Buffer.alloc(0)): Buffer {
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  return Buffer.concat([padded(Buffer.from(head)), padded(data)]);
}

/** Builds the initramfs and returns where it lies. */
export function buildInitramfs(kernel: Kernel): string {
  const init = join(guestFolder, 'init');
  execFileSync('gcc', ['-static', '-O1', '-Wall', '-Wextra', '-Werror', '-o', init, 'bin/lib/guest/init.c']);
  const built = readdirSync(kernel.modules, { recursive: true, encoding: 'utf8' });
  const found = modules.map((name) => {
    const path = built.find((one) => basename(one) === `${name}.ko`);
    if (!path) throw new Error(`the kernel has no module ${name}.ko in ${kernel.modules}`);
    return { name: `${name}.ko`, data: readFileSync(join(kernel.modules, path)) };
  });
  const list = Buffer.from(found.map(({ name }) => `/${name}\n`).join(''));
  const files = [{ name: 'init', data: readFileSync(init) }, { name: 'modules', data: list }, ...found];
  const entries = [
    ...['dev', 'host'].map((name, i) => entry(i + 1, name, FOLDER)),
    ...files.map(({ name, data }, i) => entry(i + 3, name, PROGRAM, data)),
    entry(0, 'TRAILER!!!', 0),
  ];
  const image = join(guestFolder, 'initramfs.cpio');
  writeFileSync(image, Buffer.concat(entries));
  return image;
}
