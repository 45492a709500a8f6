/// <reference types="vite/client" />
import type { Host } from '../core/contract/messages.ts';

declare global {
  interface Window {
    /** Put there by the Electron preload script; absent in a browser. */
    readonly keyhole?: Host;
  }
}
