/** The picture of a session: what its regions say, and the pixels of those that are drawn. */
import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { region, regionNames } from './steps.ts';

export interface Picture {
  readonly words: Readonly<Record<string, string>>;
  readonly pixels: Readonly<Record<string, Buffer>>;
}

/** How many pixels may differ: the browser smooths a few corners anew each time. */
const SMOOTHED = 40;

const takePicture = async (page: Page): Promise<Picture> => {
  await page.mouse.move(0, 0);
  const words: Record<string, string> = {};
  const pixels: Record<string, Buffer> = {};
  for (const name of regionNames) words[name] = (await region(page, name).textContent()) ?? '';
  for (const name of ['Page map', 'Timelines'] as const)
    pixels[name] = await region(page, name).screenshot({ animations: 'disabled' });
  return { words, pixels };
};

/** A picture of a window that has caught up with its program: it follows one in its own time, so two in a row are the same. */
export const takeLastPicture = async (page: Page): Promise<Picture> => {
  let last = await takePicture(page);
  for (let tries = 0; tries < 20; tries++) {
    await page.waitForTimeout(500);
    const next = await takePicture(page);
    if (isDeepStrictEqual(next.words, last.words)) return next;
    last = next;
  }
  throw new Error('the window of an ended program goes on changing');
};

/** Two pictures of the same log are the same, words and pixels; where they are not, both are kept. */
export const expectSamePicture = async (page: Page, before: Picture, info: TestInfo): Promise<void> => {
  let after = await takePicture(page);
  let differences = await compare(page, before, after);
  const same = () =>
    isDeepStrictEqual(after.words, before.words) && differences.every(({ pixels }) => pixels <= SMOOTHED);
  // The window of the snapshot is still being drawn when it is first looked at.
  for (let tries = 0; tries < 20 && !same(); tries++) {
    await page.waitForTimeout(250);
    after = await takePicture(page);
    differences = await compare(page, before, after);
  }
  for (const { name } of differences.filter(({ pixels }) => pixels > SMOOTHED)) {
    writeFileSync(info.outputPath(`${name} before.png`), before.pixels[name] ?? '');
    writeFileSync(info.outputPath(`${name} after.png`), after.pixels[name] ?? '');
  }
  expect(after.words).toEqual(before.words);
  for (const { name, pixels } of differences)
    expect(pixels, `pixels of ${name} that the snapshot draws differently`).toBeLessThanOrEqual(SMOOTHED);
};

/** For each drawn region, how many pixels differ; all of them where the sizes do. */
const compare = async (page: Page, before: Picture, after: Picture): Promise<{ name: string; pixels: number }[]> => {
  const blank = await page.context().browser()?.newPage();
  if (!blank) throw new Error('the browser is gone');
  const counts: { name: string; pixels: number }[] = [];
  for (const [name, picture] of Object.entries(before.pixels)) {
    const pair = [picture, after.pixels[name] ?? picture].map(
      (png) => `data:image/png;base64,${png.toString('base64')}`,
    );
    counts.push({ name, pixels: await blank.evaluate(countDifferences, pair) });
  }
  await blank.close();
  return counts;
};

/** Runs in a page, which can decode pictures. */
const countDifferences = async (sources: readonly string[]): Promise<number> => {
  const pictures = await Promise.all(
    sources.map(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const context = Object.assign(document.createElement('canvas'), {
        width: image.width,
        height: image.height,
      }).getContext('2d');
      context?.drawImage(image, 0, 0);
      return context?.getImageData(0, 0, image.width, image.height);
    }),
  );
  const [one, two] = pictures;
  if (!one || !two || one.width !== two.width || one.height !== two.height) return Number.POSITIVE_INFINITY;
  const first = new Uint32Array(one.data.buffer);
  const second = new Uint32Array(two.data.buffer);
  return first.reduce((count, pixel, at) => count + (pixel === second[at] ? 0 : 1), 0);
};
