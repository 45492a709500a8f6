import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { jsx, jsxs } from './jsx-runtime.ts';
import { visible } from './visible.ts';

const OVERRIDE = '\u202e';

const given: unknown[] = [];
const Name = (own: { readonly children: string }): null => {
  given.push(own.children);
  return null;
};

test('what would reorder a text is written out, every other letter stays', () => {
  expect(visible(`play ${OVERRIDE}gpj.exe`)).toBe('play \\u202egpj.exe');
  expect(visible('\u061c\u200e\u200f\u202a\u2066\u2069')).toBe('\\u061c\\u200e\\u200f\\u202a\\u2066\\u2069');
  const plain = 'שלום, naïve – 0x28\u00a0\u200b';
  expect(visible(plain)).toBe(plain);
});

test('in an element and in what is said of it, however deep; what is copied or typed stays', () => {
  const deep = ['a', [OVERRIDE, 1, null], jsx('b', { children: OVERRIDE }, 'b')];
  const props = { title: OVERRIDE, 'aria-label': 'plain', 'data-copy': OVERRIDE, children: deep };
  expect(renderToStaticMarkup(jsxs('p', props))).toBe(
    `<p title="\\u202e" aria-label="plain" data-copy="${OVERRIDE}">a\\u202e1<b>\\u202e</b></p>`,
  );
  expect(renderToStaticMarkup(jsx('input', { value: OVERRIDE, readOnly: true }))).toContain(OVERRIDE);
  // A component is given what was meant for it.
  given.length = 0;
  renderToStaticMarkup(jsx(Name, { children: OVERRIDE }));
  expect(given).toEqual([OVERRIDE]);
});
