import { readFileSync, statSync } from 'node:fs';

/**
 * What tells the file at `path` from every other, if a living process has that very file mapped; else null. The kernel
 * writes device and inode of each mapping, and marks a path whose file was deleted or replaced (proc(5), /proc/pid/maps).
 */
export function mappedFile(pid: number, path: string): string | null {
  try {
    const { dev, ino, mtimeMs } = statSync(path);
    // The numbers of a device as its text has them (glibc, gnu_dev_major and gnu_dev_minor).
    const major = ((dev >>> 8) & 0xfff).toString(16).padStart(2, '0');
    const minor = ((dev & 0xff) | ((dev >>> 12) & 0xfff00)).toString(16).padStart(2, '0');
    const tail = new RegExp(`^\\S+ \\S+ \\S+ ${major}:${minor} ${ino} +`);
    const mapped = readFileSync(`/proc/${pid}/maps`, 'utf8')
      .split('\n')
      .some((line) => tail.test(line) && line.replace(tail, '') === path);
    return mapped ? `${dev} ${ino} ${mtimeMs}` : null;
  } catch {
    return null; // no such file, or no such process any more
  }
}
