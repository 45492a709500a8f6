/**
 * Every screen at both sizes, light and dark, over the synthetic session. Whole pictures are kept with the results;
 * small ones are held to those of the repository, loosely, since fonts and canvases differ.
 */
import { expect, type Page, test } from '@playwright/test';
import { sizes } from './steps.ts';
import { buildSynthetic, openScreen, screens, syntheticPage, themes } from './synthetic.ts';

/** A sixth of each side: what moved or went missing is seen, how a letter is smoothed is not. */
const SMALL = 6;
/** The map settles, a chart comes. */
const SETTLED_MS = 300;

test.beforeAll(buildSynthetic);

/** A picture made small. Runs in a page, which can decode pictures. */
async function shrink({ source, by }: { source: string; by: number }): Promise<string> {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), {
    width: image.width / by,
    height: image.height / by,
  });
  const context = canvas.getContext('2d');
  if (context) context.imageSmoothingQuality = 'high';
  context?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const pixels = context?.getImageData(0, 0, canvas.width, canvas.height);
  // Few shades make small files; what they leave out is below what is compared.
  pixels?.data.forEach((shade, i, all) => {
    all[i] = i % 4 === 3 ? 255 : shade & 0xf0;
  });
  if (pixels) context?.putImageData(pixels, 0, 0);
  return canvas.toDataURL('image/png').slice('data:image/png;base64,'.length);
}

const small = async (page: Page, picture: Buffer): Promise<Buffer> =>
  Buffer.from(
    await page.evaluate(shrink, { source: `data:image/png;base64,${picture.toString('base64')}`, by: SMALL }),
    'base64',
  );

for (const theme of themes) {
  test(`the ${theme} window, screen by screen`, async ({ browser }, info) => {
    const page = await syntheticPage(browser, theme);
    const blank = await browser.newPage();
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const screen of screens) {
        const name = `${screen.name}-${theme}-${size.width}x${size.height}`;
        await openScreen(page, screen);
        await page.waitForTimeout(SETTLED_MS);
        const whole = await page.screenshot({
          path: info.outputPath(`${name}.png`),
          animations: 'disabled',
          caret: 'hide',
        });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect.soft(wide, `${name} is scrolled sideways`).toBeLessThanOrEqual(size.width);
        const picture = await small(blank, whole);
        expect.soft(picture).toMatchSnapshot(`${name}.png`, { threshold: 0.3, maxDiffPixelRatio: 0.03 });
      }
    }
    await page.close();
    await blank.close();
  });
}
