/** React's runtime for JSX, with all text made visible on its way into the page. */
import type { ElementType, Key, ReactElement } from 'react';
import { Fragment, jsxs as many, jsx as one } from 'react/jsx-runtime';
import { visible } from '../../core/model/visible.ts';

type Props = Readonly<Record<string, unknown>>;

/** Where an element has text: in it, and what is said of it. A field's value is what was typed, and goes back as it is. */
const texts = ['children', 'title', 'aria-label', 'placeholder', 'label'] as const;

/** The same value where nothing of it changes. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  return Array.isArray(value) && value.some((each) => shown(each) !== each) ? value.map(shown) : value;
}

/** A component hands its text on to elements; only these are the page. */
function shownProps(type: ElementType, props: Props): Props {
  if (typeof type !== 'string') return props;
  let all = props;
  for (const name of texts) {
    const value = shown(props[name]);
    if (value !== props[name]) all = { ...all, [name]: value };
  }
  return all;
}

export const jsx = (type: ElementType, props: Props, key?: Key): ReactElement =>
  one(type, shownProps(type, props), key);
export const jsxs = (type: ElementType, props: Props, key?: Key): ReactElement =>
  many(type, shownProps(type, props), key);
export { Fragment };
