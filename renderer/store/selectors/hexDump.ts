/** Bytes as a person reads memory: sixteen a line, in hex by twos as `xxd` writes them, and as text. */

export interface DumpLine {
  readonly at: number;
  readonly hex: string;
  readonly text: string;
}

/** Bytes a line. */
export const WIDTH = 16;

/** `digits` holds two hex digits a byte, from address `start` on. */
export function hexDump(start: number, digits: string): readonly DumpLine[] {
  const lines: DumpLine[] = [];
  for (let from = 0; from < digits.length; from += 2 * WIDTH) {
    const line = digits.slice(from, from + 2 * WIDTH);
    const text = (line.match(/../g) ?? []).map((byte) => {
      const code = Number.parseInt(byte, 16);
      return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
    });
    lines.push({ at: start + from / 2, hex: (line.match(/.{1,4}/g) ?? []).join(' '), text: text.join('') });
  }
  return lines;
}
