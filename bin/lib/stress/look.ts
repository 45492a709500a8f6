/** Where every thread of a process and of its descendants stands, as the kernel tells it. */
import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '?'; // it ended while we looked, or the kernel tells only root
  }
};
const tasks = (pid: number): number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
};

/** The process and all that descend from it. */
export function family(pid: number): number[] {
  const children = tasks(pid).flatMap((tid) => read(`/proc/${pid}/task/${tid}/children`).split(' ').map(Number));
  return [pid, ...children.filter((child) => child > 0).flatMap(family)];
}

/** A page for a person: per thread its state, tracer, signals, what it waits for and its system call. */
export function look(pid: number): string {
  return family(pid)
    .map((member) => {
      const threads = tasks(member).map((tid) => {
        const at = `/proc/${member}/task/${tid}`;
        const status = read(`${at}/status`)
          .split('\n')
          .filter((line) => /^(Name|State|TracerPid|SigPnd|ShdPnd|SigBlk)/.test(line))
          .join('  ');
        return `  ${tid}  ${status}\n    wchan ${read(`${at}/wchan`)}  syscall ${read(`${at}/syscall`)}\n    ${read(`${at}/stack`).replaceAll('\n', '\n    ')}`;
      });
      return `${member}  ${read(`/proc/${member}/cmdline`)}\n${threads.join('\n')}`;
    })
    .join('\n');
}
