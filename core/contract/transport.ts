/**
 * How a renderer reaches its session. In Electron the preload puts a `Host` on `window[hostGlobal]`. In a browser
 * the page opens a WebSocket at `socketPath`, with the query of its own address (it carries the token). A text
 * frame is one `ToRenderer` as JSON; a binary frame is one event batch as `wire.ts` encodes it; what the page
 * sends is one `Request` as JSON. After `hello` the session sends the source and the whole log so far.
 */
export const hostGlobal = 'keyhole';
export const socketPath = '/session';
export const tokenParameter = 'token';

/** Answer of `save`: where it was written, or the bytes when no path was given, or nothing when the user thought better. */
export type SaveReply =
  | { readonly saved: string }
  | { readonly name: string; readonly base64: string }
  | { readonly cancelled: true };
