/** What must hold for a process that is attached to, changed and let go of on real keys. */
import assert from 'node:assert/strict';
import { presets } from '../../../core/contract/policies.ts';
import { mappings, pause, type Running, states, status, until } from './running.ts';
import { OURS, place, report, type Scene, settled } from './scene.ts';
import type { Watched } from './watched.ts';

const BY_HAND = 9;
const PAGE = 0x1000;
/** What the kernel gives a signal handler: the thread that tries accesses may stand in its own. */
const IN_HANDLER = 0x55555554;
const split = { do: 'apply', policy: presets.split };
const hex = (address: number): string => `0x${address.toString(16)}`;

/** The key that smaps names for each mapping, by its range. */
function keysOf(pid: number): { start: number; end: number; key: number }[] {
  const out: { start: number; end: number; key: number }[] = [];
  for (const line of mappings(pid)) {
    const range = /^([0-9a-f]+)-([0-9a-f]+) /.exec(line);
    if (range) out.push({ start: Number(`0x${range[1]}`), end: Number(`0x${range[2]}`), key: 0 });
    const key = /^ProtectionKey:\s*(\d+)/.exec(line)?.[1];
    const last = out.at(-1);
    if (key && last) last.key = Number(key);
  }
  return out;
}

const keyAt = (pid: number, address: number): number | undefined =>
  keysOf(pid).find(({ start, end }) => start <= address && address < end)?.key;

/** What the tags in the log say must be what the kernel says, page by page; answers how many pages have the key. */
function heldToKernel(watched: Watched, pid: number, key: number): number {
  const tagged = new Map<number, number>();
  for (const row of watched.rows('tag')) {
    const { start, end, keyAfter } = watched.log.at(row);
    for (let page: number = start; page < end; page += PAGE) tagged.set(page, keyAfter ?? 0);
  }
  for (const [page, known] of tagged) assert.equal(keyAt(pid, page), known, `the key of the page at ${hex(page)}`);
  return [...tagged.values()].filter((one) => one === key).length;
}

const denials = (watched: Watched, key: number): number =>
  watched.rows('fault').filter((row) => {
    const facts = watched.log.facts(row, 'fault');
    return facts?.outcome === 'denied' && facts.key === key;
  }).length;

const nothingLeft = (watched: Watched, pid: number): void => {
  const [row = -1] = watched.rows('detach');
  assert.deepEqual(watched.log.facts(row, 'detach'), { pid, left: [] });
  const findings = watched.rows('finding').map((one) => watched.log.facts(one, 'finding'));
  assert.deepEqual(findings, []);
};

/** Runs `use` between two looks at the program, which must be alike; then the program runs to its end. */
async function leavesNothing(program: Running, use: () => Promise<void>): Promise<void> {
  const { pid } = program;
  const [before, memory] = [await report(program), mappings(pid)];
  await use();
  assert.equal(status(pid, 'TracerPid'), '0');
  assert.equal(status(pid, 'Seccomp'), '0');
  assert.deepEqual(mappings(pid), memory);
  const after = await report(program);
  assert.equal(after.state, before.state);
  await pause(50);
  assert.equal((await report(program)).denied, after.denied, 'denied although nobody watches');
  program.tell('end');
  assert.match(await program.end, /^ok\nstatus 0\n$/m);
}

export const scenarios: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  'a policy that is applied, seen and taken back by the detach': async (scene) => {
    const program = await settled(scene);
    const { pid } = program;
    await leavesNothing(program, async () => {
      const watched = scene.attach(pid);
      await watched.command({ do: 'pause' });
      await watched.command(split);
      // The data of the program, and of three TLS blocks at least three pages each.
      assert.ok(heldToKernel(watched, pid, OURS) >= 12, 'too few pages have the key');
      for (const thread of watched.world().threads.values()) {
        const blocks = thread.tls?.blocks.filter((block) => block.module === 'holds_keys') ?? [];
        assert.equal(blocks.length, 1, `thread ${thread.tid} has a TLS block of the program`);
        assert.equal(keyAt(pid, Number(blocks[0]?.start) + PAGE), OURS, 'the key of a TLS block');
        assert.equal(keyAt(pid, Number(thread.tp)), 0, 'the key of a TCB page');
      }
      assert.deepEqual(await watched.command({ do: 'verify' }), []);
      await watched.detach();
      nothingLeft(watched, pid);
    });
  },

  'a policy that comes with the attachment, taken back by hand': async (scene) => {
    const program = await scene.start('waits_with_threads');
    const { pid } = program;
    await program.said('ready');
    await until('their sleep', () => states(pid) === 'SSS');
    const before = mappings(pid);
    const watched = scene.attach(pid, 'split');
    await watched.command({ do: 'verify' });
    assert.ok(heldToKernel(watched, pid, OURS) >= 1, 'no page has the key');
    await watched.command({ do: 'revert' });
    assert.deepEqual(mappings(pid), before);
    await watched.detach();
    nothingLeft(watched, pid);
    assert.deepEqual(mappings(pid), before);
  },

  'accesses denied by a key of the program and by one that Keyhole gave': async (scene) => {
    const program = await settled(scene);
    const { pid } = program;
    await leavesNothing(program, async () => {
      const watched = scene.attach(pid);
      await until('a fault of the program’s own', () => denials(watched, 2) >= 3);
      const prey = place(program, 'prey');
      const tag = { do: 'tag', pid, start: hex(prey), end: hex(prey + PAGE), key: BY_HAND };
      await watched.command(tag);
      assert.equal(keyAt(pid, prey), BY_HAND);
      await until('a fault of ours', () => denials(watched, BY_HAND) >= 3);
      const told = await report(program);
      assert.ok(told.denied >= 3 && told.by === BY_HAND, `the program was told of ${told.denied} by ${told.by}`);
      assert.deepEqual(await watched.command({ do: 'verify' }), []);
      await watched.detach();
      nothingLeft(watched, pid);
    });
  },

  'rights that were changed, and a key of the program on other pages': async (scene) => {
    const program = await settled(scene);
    const { pid } = program;
    await leavesNothing(program, async () => {
      const watched = scene.attach(pid, undefined, 1);
      await until('all threads', () => watched.world().threads.size === 3);
      const prey = place(program, 'prey');
      await watched.command({ do: 'pause' });
      const threads = [...watched.world().threads.values()].sort((a, b) => a.tid - b.tid);
      const [main, tries, sleeps] = threads.map(({ rights }) => rights);
      assert.deepEqual([main, sleeps], [0x55555560, 0xffffffcc]);
      assert.ok(tries === 0xfffffff0 || tries === IN_HANDLER, `the rights of the one that tries: ${tries}`);
      // That one would find that it may what it may not.
      for (const { tid } of threads.filter((_, i) => i !== 1)) await watched.command({ do: 'rights', tid, pkru: 0 });
      await watched.command({ do: 'tag', pid, start: hex(prey), end: hex(prey + PAGE), key: 1 });
      await watched.command({ do: 'continue' });
      await pause(50);
      assert.equal(keyAt(pid, prey), 1);
      await watched.detach();
      nothingLeft(watched, pid);
    });
  },

  'attached again and again, also to a program that has no keys': async (scene) => {
    const program = await scene.start('works_on');
    await program.said('works');
    for (let i = 0; i < 4; i++) {
      const watched = scene.attach(program.pid);
      await pause(i * 50);
      await watched.detach();
      nothingLeft(watched, program.pid);
    }
    program.finish();
    assert.match(await program.end, /^ok\nstatus 0\n$/m);
  },

  'a wrong key in a launched program, noticed by debug mode': async (scene) => {
    const { output, summary } = await scene.record('hostile/behind_its_back', ['key']);
    assert.match(output, /^ok$/m);
    const found = summary.findings.map(({ class: kind, text }) => `${kind}: ${text.replace(/^.*: /, '')}`);
    assert.deepEqual(found, ['model-differs: the kernel has key 1 where the map says key 0']);
  },

  'a host that is killed': async (scene) => {
    const program = await settled(scene);
    await leavesNothing(program, async () => {
      const host = scene.host(program.pid);
      await until('the attachment', () => status(program.pid, 'TracerPid') !== '0');
      await pause(300);
      host.kill('SIGKILL');
      await until('the end of it', () => status(program.pid, 'TracerPid') === '0');
    });
  },
};
