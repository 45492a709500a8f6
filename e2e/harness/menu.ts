import type { MenuItemConstructorOptions } from 'electron';

/** `electron.Menu`: keeps the template, so that a test can choose from it by words. */
export class HarnessMenu {
  #template: readonly MenuItemConstructorOptions[] = [];

  buildFromTemplate(template: readonly MenuItemConstructorOptions[]): readonly MenuItemConstructorOptions[] {
    return template;
  }

  setApplicationMenu(menu: readonly MenuItemConstructorOptions[]): void {
    this.#template = menu;
  }

  /** What a menu offers, in order. */
  labels(menu: string): readonly string[] {
    const top = this.#template.find(({ label }) => label?.replace('&', '') === menu)?.submenu;
    return Array.isArray(top) ? top.flatMap(({ label }) => label ?? []) : [];
  }

  /** Chooses `File`, `Save snapshot…`. */
  choose(menu: string, item: string): void {
    const top = this.#template.find(({ label }) => label?.replace('&', '') === menu)?.submenu;
    const found = Array.isArray(top) ? top.find(({ label }) => label === item) : undefined;
    if (typeof found?.click !== 'function') throw new Error(`no menu item ${menu} > ${item}`);
    Reflect.apply(found.click, undefined, []);
  }
}
