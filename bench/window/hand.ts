/** A person's hand on mouse and keyboard of a tab. */
import type { Tab } from './chromium.ts';

/** Keys that are pressed, with their codes as Windows numbers them. */
const codes = { l: ['KeyL', 76], '0': ['Digit0', 48], ArrowLeft: ['ArrowLeft', 37] } as const;
export type Key = keyof typeof codes;

/** The bit by which the browser knows that Ctrl is held. */
const CTRL = 2;

export class Hand {
  readonly #tab: Tab;
  #x = 0;
  #y = 0;

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  async move(x: number, y: number): Promise<void> {
    [this.#x, this.#y] = [x, y];
    await this.#mouse('mouseMoved');
  }

  async click(x: number, y: number): Promise<void> {
    await this.move(x, y);
    await this.#mouse('mousePressed', { button: 'left', buttons: 1, clickCount: 1 });
    await this.#mouse('mouseReleased', { button: 'left', clickCount: 1 });
  }

  /** Turns the wheel where the mouse is. */
  async wheel(deltaY: number, held: 'ctrl' | null = null): Promise<void> {
    await this.#mouse('mouseWheel', { deltaX: 0, deltaY, modifiers: held === 'ctrl' ? CTRL : 0 });
  }

  async press(key: Key): Promise<void> {
    const [code, windowsVirtualKeyCode] = codes[key];
    const text = key.length === 1 ? { text: key } : {};
    await this.#tab.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, windowsVirtualKeyCode, ...text });
    await this.#tab.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, windowsVirtualKeyCode });
  }

  async #mouse(type: string, more: object = {}): Promise<void> {
    await this.#tab.send('Input.dispatchMouseEvent', { type, x: this.#x, y: this.#y, ...more });
  }
}
