import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { jsx, jsxs } from './jsx-runtime.ts';

const OVERRIDE = '\u202e';

const given: unknown[] = [];
const Name = (own: { readonly children: string }): null => {
  given.push(own.children);
  return null;
};

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
