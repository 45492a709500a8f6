import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { type Command, commandSchema, type EngineCommand } from '../../core/contract/commands.ts';
import { resolvePolicy } from '../../core/contract/launch.ts';
import type { ToRenderer } from '../../core/contract/messages.ts';
import type { SaveReply } from '../../core/contract/transport.ts';
import type { Desk } from './desk.ts';
import { messageOf, UserError } from './errors.ts';
import { listExamples } from './examples.ts';
import { type CheckedLaunch, checkLaunch, loadLaunch } from './load-launch.ts';
import { listProcesses, programName } from './processes.ts';
import { launchBase, resolveLaunch } from './resolve.ts';
import { resolveAttach } from './resolve-attach.ts';
import { decodeSnapshot, encodeSnapshot, openSnapshot, saveSnapshot } from './snapshot.ts';

const requestSchema = z.object({ id: z.int(), command: z.unknown() });
type Reply = Extract<ToRenderer, { type: 'reply' }>;

/** Answers one request of a renderer, whatever it sent; null when there is not even a number to answer to. */
export async function answer(desk: Desk, raw: unknown): Promise<Reply | null> {
  const request = requestSchema.safeParse(raw);
  if (!request.success) return null;
  const { id, command } = request.data;
  try {
    const value = await runCommand(desk, checkCommand(command));
    return value === undefined ? { type: 'reply', id } : { type: 'reply', id, value };
  } catch (thrown) {
    return { type: 'reply', id, error: messageOf(thrown) };
  }
}

/** Carries out a checked command; resolves with its answer. */
export async function runCommand(desk: Desk, command: Command): Promise<unknown> {
  switch (command.do) {
    case 'launch':
      return start(
        desk,
        checkLaunch(command.launch, 'launch'),
        'launch',
        resolve(desk.kit.cwd, command.base ?? '.'),
        null,
      );
    case 'launch-file':
      return launchFile(desk, command.path, command.policy);
    case 'attach':
      return attach(desk, command.pid, command.policy);
    case 'processes':
      return listProcesses();
    case 'examples':
      return listExamples(desk.kit.paths.examples);
    case 'recent':
      return desk.kit.recent?.list() ?? [];
    case 'save':
      return save(desk, command.path);
    case 'open':
      return desk.show(openSnapshot(resolve(desk.kit.cwd, command.path)), basename(command.path));
    case 'open-bytes':
      return desk.show(decodeSnapshot(Buffer.from(command.base64, 'base64'), command.name), basename(command.name));
    case 'close':
      return desk.close();
    case 'symbols':
      return desk.symbols.search(command.text, command.modules, livePid(desk, command.pid));
    case 'symbol-at':
      return desk.symbols.at(BigInt(command.offset), command.module, livePid(desk, command.pid));
    case 'plan':
    case 'apply':
      return engine(desk, { ...command, policy: resolvePolicy(command.policy) });
    default:
      return engine(desk, command);
  }
}

/** Starts the program of a launch file, under another policy if one is given. */
export function launchFile(desk: Desk, path: string, policy?: CheckedLaunch['policy']): void {
  const file = resolve(desk.kit.cwd, path);
  const launch = loadLaunch(file);
  start(desk, policy === undefined ? launch : { ...launch, policy }, file, launchBase(file), file);
}

function start(desk: Desk, launch: CheckedLaunch, where: string, base: string, launchPath: string | null): void {
  const { native, paths, cwd, env } = desk.kit;
  const scene = { where, base, fromFile: launchPath !== null, cwd, env, helper: paths.helper, hasPku: native.hasPku() };
  const title = [basename(launch.program), ...launch.args].join(' ');
  desk.launch(resolveLaunch(launch, scene), { kind: 'live', title, launchPath });
  desk.kit.recent?.add({ title, path: launchPath, launch: launchPath === null ? launch : null });
}

function attach(desk: Desk, pid: number, policy: CheckedLaunch['policy'] | undefined): void {
  const { native, paths } = desk.kit;
  const scene = { where: 'attach: keys', helper: paths.helper, hasPku: native.hasPku() };
  desk.attachTo(resolveAttach(pid, { keys: 'auto', policy }, scene), {
    kind: 'live',
    title: programName(pid),
    launchPath: null,
  });
}

/** In a recording the number of a process means another one by now. */
const livePid = (desk: Desk, pid: number | undefined): number | null => (desk.session?.live ? (pid ?? null) : null);

function engine(desk: Desk, command: EngineCommand): Promise<unknown> {
  if (!desk.session) throw new UserError('nothing has been launched', 1);
  return desk.session.command(command);
}

async function save(desk: Desk, path: string | undefined): Promise<SaveReply> {
  const { session, kit } = desk;
  if (!session) throw new UserError('there is nothing to save: launch a program first', 1);
  const name = `${session.origin.source.kind === 'none' ? 'session' : fileName(session.origin.source.title)}.keyhole`;
  if (path === undefined && !kit.chooseSavePath) {
    const bytes = await encodeSnapshot(session, kit.paths.version);
    return { name, base64: Buffer.from(bytes).toString('base64') };
  }
  const file = path ?? (await kit.chooseSavePath?.(name)) ?? null;
  if (file === null) return { cancelled: true };
  const saved = resolve(kit.cwd, file);
  await saveSnapshot(session, saved, kit.paths.version);
  return { saved };
}

/** A title as a file name: its first word, without what a shell or a file system would trip over. */
const fileName = (title: string): string =>
  (title.split(' ')[0] ?? '').replace(/\.keyhole$/, '').replace(/[^\w.-]+/g, '-') || 'session';

function checkCommand(raw: unknown): Command {
  // A launch is checked by the launch file's own rules first: their errors name the field and what is allowed.
  if (isLaunch(raw)) checkLaunch(raw.launch, 'launch');
  const parsed = commandSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UserError(`command.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a command'}`);
}

const isLaunch = (raw: unknown): raw is { launch: unknown } =>
  typeof raw === 'object' && raw !== null && 'do' in raw && raw.do === 'launch' && 'launch' in raw;
