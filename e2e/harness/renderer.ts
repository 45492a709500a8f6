/** What runs in the page: `electron` as a preload script sees it. Serialised into the page; it imports nothing. */
export interface PageEnds {
  /** Page to main; a Playwright binding. */
  readonly send: string;
  /** Main to page; the harness calls it. */
  readonly receive: string;
}

export function rendererSide(ends: PageEnds, preload: string): void {
  // Electron runs the preload script in the main frame only.
  if (window.top !== window) return;
  const page = window as unknown as Record<string, unknown>;
  const listeners = new Map<string, Set<(event: object, ...args: unknown[]) => void>>();
  const send = page[ends.send] as (channel: string, args: unknown[]) => Promise<void>;

  const ipcRenderer = {
    // Electron clones what is sent and throws at once where it cannot.
    send: (channel: string, ...args: unknown[]) => void send(channel, structuredClone(args)),
    on(channel: string, listener: (event: object, ...args: unknown[]) => void) {
      const known = listeners.get(channel) ?? new Set();
      listeners.set(channel, known.add(listener));
      return ipcRenderer;
    },
    removeListener(channel: string, listener: (event: object, ...args: unknown[]) => void) {
      listeners.get(channel)?.delete(listener);
      return ipcRenderer;
    },
  };
  page[ends.receive] = (channel: string, args: unknown[]) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...args);
  };

  /** What crosses the bridge is cloned; functions become functions that clone their arguments and results. */
  const cross = (value: unknown): unknown => {
    if (typeof value === 'function') return (...args: unknown[]) => cross(value(...args.map(cross)));
    if (Object.prototype.toString.call(value) !== '[object Object]') return structuredClone(value);
    const copy = Object.entries(value as object).map(([name, part]) => [name, cross(part)]);
    return Object.freeze(Object.fromEntries(copy));
  };
  const contextBridge = {
    exposeInMainWorld(name: string, api: unknown) {
      if (name in page)
        throw new Error(`Cannot bind an API on top of an existing property on the window object: ${name}`);
      Object.defineProperty(page, name, { value: cross(api), enumerable: true });
    },
  };

  // A file of a drop lies where its test says; one that a script has made lies nowhere (webUtils).
  const webUtils = { getPathForFile: (_file: unknown): string => String(page.droppedPath ?? '') };
  const electron: Record<string, unknown> = { contextBridge, ipcRenderer, webUtils };
  // A sandboxed preload script may require very little.
  const require = (name: string): unknown => {
    if (name !== 'electron') throw new Error(`module not found in a sandboxed preload script: ${name}`);
    return electron;
  };
  const module = { exports: {} };
  new Function('require', 'module', 'exports', preload)(require, module, module.exports);
}
