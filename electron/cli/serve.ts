import { BrowserWindowProcess, findBrowser } from '../server/browser.ts';
import { KeyholeServer } from '../server/server.ts';
import { Desk } from '../session/desk.ts';
import { startWith } from '../session/start-with.ts';
import type { CliContext } from './context.ts';

export interface ServeOptions {
  readonly port: number;
  readonly open: boolean;
}

/** Serves the window until ^C, or until the browser window that it opened is closed. */
export async function serve(context: CliContext, file: string | undefined, options: ServeOptions): Promise<void> {
  const { paths, cwd, env } = context;
  const desk = new Desk({ native: context.native(), paths, host: 'browser', cwd, env });
  const server = await KeyholeServer.start(desk, options.port);
  const browser = options.open ? findBrowser(process.env) : null;
  const window = browser === null ? null : new BrowserWindowProcess(browser, server.onceUrl());
  context.stdout.write(`Keyhole is at ${server.url}\n`);
  context.stderr.write(window ? 'keyhole: opened a window; ^C or closing it ends\n' : 'keyhole: ^C ends\n');
  if (file !== undefined) startWith(desk, file);
  const interrupted = new Promise<void>((resolve) => context.onInterrupt(resolve));
  await Promise.race([interrupted, ...(window ? [window.closed] : [])]);
  window?.dispose();
  server.dispose();
  desk.dispose();
}
