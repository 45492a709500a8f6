/** What the machine itself is like while something is measured on it. */

const SPIN_MS = 150;

/** Seconds that pass for one second of processor time: 1 on a machine that does nothing else. */
export function slowness(): number {
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  let used = 0;
  while (used < SPIN_MS) {
    const { user, system } = process.cpuUsage(cpu);
    used = (user + system) / 1000;
  }
  return (performance.now() - began) / used;
}
