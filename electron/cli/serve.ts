import { BrowserWindowProcess, findBrowser } from '../server/browser.ts';
import { KeyholeServer } from '../server/server.ts';
import { Desk } from '../session/desk.ts';
import { RecentLaunches, stateFile } from '../session/recent.ts';
import { startWith } from '../session/start-with.ts';
import type { CliContext } from './context.ts';

export interface ServeOptions {
  readonly port: number;
  readonly open: boolean;
}

/** Serves the window until ^C, or until the browser window that it opened is closed. */
export async function serve(context: CliContext, file: string | undefined, options: ServeOptions): Promise<void> {
  const { paths, cwd, env } = context;
  const desk = new Desk({
    native: context.native(),
    paths,
    host: 'browser',
    cwd,
    env,
    recent: new RecentLaunches(stateFile(env)),
  });
  const server = await KeyholeServer.start(desk, options.port);
  const interrupted = new Promise<void>((resolve) => context.onInterrupt(resolve));
  const browser = options.open ? findBrowser(env) : null;
  const window = browser === null ? null : new BrowserWindowProcess(browser, server.onceUrl());
  context.stdout.write(`Keyhole is at ${server.url}\n`);
  context.stderr.write(window ? 'keyhole: opening a window; ^C or closing it ends\n' : 'keyhole: ^C ends\n');
  const problem = file === undefined ? null : startWith(desk, file);
  // The window shows it too, but whoever started it looks here first.
  if (problem !== null) context.stderr.write(`keyhole: ${problem}\n`);
  await Promise.race([interrupted, ...(window ? [closedByPerson(context, window)] : [])]);
  window?.dispose();
  server.dispose();
  desk.dispose();
}

/** Resolves when the person closed the window; where it never opened, the address goes on being served. */
async function closedByPerson(context: CliContext, window: BrowserWindowProcess): Promise<void> {
  if (await window.closed) return;
  context.stderr.write('keyhole: the browser window did not open; use the address above, ^C ends\n');
  await new Promise(() => {});
}
