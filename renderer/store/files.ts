import type { SaveReply } from '../../core/contract/transport.ts';

/** Bytes of a file as base64, without building one huge argument list. */
export function toBase64(bytes: Uint8Array): string {
  const CHUNK = 0x8000;
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** Hand bytes to the person as a download. */
function download(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Finish a save: a download where the host sent bytes. Answers what to tell the person; null when it was cancelled. */
export function finishSave(reply: SaveReply): string | null {
  if ('cancelled' in reply) return null;
  if ('saved' in reply) return `Saved as ${reply.saved}`;
  download(reply.name, fromBase64(reply.base64));
  return `Saved as ${reply.name}`;
}

/** Words of a command line: quotes group, a backslash takes the next character as it is. Throws on an open quote. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const c = line.charAt(at);
    if (c === '\\' && quote !== "'" && at + 1 < line.length) word = (word ?? '') + line.charAt(++at);
    else if (quote !== null) {
      if (c === quote) quote = null;
      else word = (word ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + c;
  }
  if (quote !== null) throw new Error(`the arguments have an open quote: ${quote}`);
  if (word !== null) words.push(word);
  return words;
}
