import { protocol } from 'electron';
import { pageFile, pageHeaders } from './session/page.ts';

const scheme = 'app';
const host = 'keyhole';

/** The origin of our page; everything else is foreign. */
export const pageOrigin = `${scheme}://${host}`;
export const pageUrl = `${pageOrigin}/`;

/** Before the app is ready: our scheme behaves like https. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page, and nothing else, under our scheme. */
export function servePage(folder: string): void {
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    const file = url.host === host ? await pageFile(folder, url.pathname) : null;
    if (!file) return new Response('Keyhole: no such file', { status: 404 });
    return new Response(file.body, { headers: { ...pageHeaders("'self'"), 'Content-Type': file.type } });
  });
}
