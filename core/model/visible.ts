/** Marks, embeddings, overrides and isolates of direction (Unicode Standard Annex 9, 2): they reorder the text around them. */
const controls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escaped = (control: string): string => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text whose letters stand where they are read: what would reorder them is written out, as `\u202e`. */
export const visible = (text: string): string => (text.search(controls) < 0 ? text : text.replace(controls, escaped));
