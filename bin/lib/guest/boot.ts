/** Boots the guest for one shell script and takes what the script sends back. */
import { spawn } from 'node:child_process';
import { type Kernel, qemu } from './kernel.ts';

/** $RESULTS of the script: a device it writes tar archives to, one after the other. */
const resultsPort = '/dev/vport1p1';

export interface Boot {
  readonly kernel: Kernel;
  readonly initramfs: string;
  /** A script on this machine; the guest sees the same files, read-only. */
  readonly script: string;
  /** A file: what the script wrote to $RESULTS. */
  readonly archive: string;
  readonly limitSeconds: number;
  /** The guest's console, line by line. */
  readonly onLine: (line: string) => void;
}

const machine = [
  ...['-M', 'pc', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '1', '-m', '2048'],
  ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
  ...['-device', 'isa-debug-exit,iobase=0x501,iosize=1'],
  ...['-fsdev', 'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap'],
  ...['-device', 'virtio-9p-pci,fsdev=host,mount_tag=host', '-device', 'virtio-serial-pci'],
  ...['-device', 'virtserialport,chardev=results,name=results'],
];

/** Runs the script to its end; throws when the guest or the script failed or took too long. */
export async function boot({ kernel, initramfs, script, archive, limitSeconds, onLine }: Boot): Promise<void> {
  const append = `console=ttyS0 quiet panic=-1 mitigations=off RESULTS=${resultsPort} job=${script}`;
  const args = ['-kernel', kernel.image, '-initrd', initramfs, '-append', append];
  const chardev = ['-chardev', `file,id=results,path=${archive}`];
  // The guest never outlives us, however we end.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', qemu, ...machine, ...chardev, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let rest = '';
  const take = (chunk: Buffer): void => {
    const parts = (rest + chunk.toString('latin1')).split(/\r?\n/);
    rest = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      onLine(line);
    }
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, limitSeconds * 1000);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(timer);
  const said = [...lines, rest].slice(-20).join('\n');
  if (late) throw new Error(`the guest did not end within ${limitSeconds} s; its last words:\n${said}`);
  if (status !== 1) throw new Error(`the guest ended with ${status}; its last words:\n${said}`);
}
