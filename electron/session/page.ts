import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { errorCode } from './errors.ts';

/** The types of the files that a built page consists of; anything else is not served. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/** The file of the built page at a URL's path; null when there is none. Never leaves the page's folder. */
export async function pageFile(folder: string, urlPath: string): Promise<PageFile | null> {
  const file = resolve(folder, `.${urlPath === '/' ? '/index.html' : decode(urlPath)}`);
  const type = types[extname(file)];
  if (type === undefined || !file.startsWith(folder + sep) || file.includes('\0')) return null;
  try {
    return { body: new Uint8Array(await readFile(file)), type };
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT' || errorCode(thrown) === 'EISDIR') return null;
    throw thrown;
  }
}

const decode = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return '/\0'; // a broken escape names no file
  }
};

/** Headers that keep the page to its own files; `connect` is what else it may talk to. */
export const pageHeaders = (connect: string): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
});
