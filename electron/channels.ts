/** Names of the IPC channels between the preload script and the main process. */
export const channels = {
  /** Page to main: I am here, send me everything. */
  attach: 'keyhole:attach',
  /** Page to main: a `Request`. */
  request: 'keyhole:request',
  /** Main to page: a `ToRenderer`. */
  message: 'keyhole:message',
  /** Page to main: its commands, for the menu. */
  menu: 'keyhole:menu',
  /** Main to page: the command chosen there. */
  run: 'keyhole:run',
} as const;
