import { app, session } from 'electron';
import { pageOrigin } from './protocol.ts';

/** What the page does without being able to harm: it may copy text, on the person's own gesture. */
const permitted = new Set(['clipboard-sanitized-write']);

/** No page may leave our origin, open a window, embed one, or ask for a permission. */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    const stayHome = (event: { readonly url: string; preventDefault(): void }): void => {
      if (originOf(event.url) !== pageOrigin) event.preventDefault();
    };
    contents.on('will-navigate', stayHome);
    contents.on('will-frame-navigate', stayHome);
    contents.on('will-redirect', stayHome);
  });
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(permitted.has(permission)),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permitted.has(permission));
}

/** `URL.origin` is "null" for a scheme of our own, so it is put together by hand. */
const originOf = (text: string): string => {
  if (!URL.canParse(text)) return '';
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
};
