/** The main job, step by step, the same for every host. */
import { expect, type Page, type TestInfo } from '@playwright/test';
import { expectSamePicture, takeLastPicture } from './picture.ts';
import {
  expectCanaryCard,
  expectRegions,
  keepPictures,
  launchExample,
  region,
  runAgainUnder,
  waitForEnd,
} from './steps.ts';

/** How a host lets a person save a session and open one in a fresh Keyhole. */
export interface Host {
  /** Saves the session of `page` as `file`, by its own means. */
  readonly save: (page: Page, file: string) => Promise<void>;
  /** Another Keyhole in another page, with the snapshot opened in it. */
  readonly reopen: (file: string) => Promise<Page>;
}

/** Everything a page complains about; a good run ends with none. */
export const complaintsOf = (page: Page): string[] => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
};

/** Launch under `tag-all`, look, run again under `split`, look, save, reopen, compare. */
export const mainJob = async (page: Page, host: Host, info: TestInfo): Promise<void> => {
  const complaints = complaintsOf(page);
  await launchExample(page, 'tag-all-rseq-off');
  await waitForEnd(page, /SIGSEGV/);
  await expectRegions(page);
  await expectCanaryCard(page);
  await keepPictures(page, info, 'tag-all');

  await runAgainUnder(page, 'split');
  await waitForEnd(page, /exit status 0/);
  await expectRegions(page);
  await expect(region(page, 'Fault card')).toHaveCount(0);
  await keepPictures(page, info, 'split');

  const before = await takeLastPicture(page);
  const file = info.outputPath('split.keyhole');
  await host.save(page, file);
  const other = await host.reopen(file);
  const others = complaintsOf(other);
  await expectRegions(other);
  await expectSamePicture(other, before, info);
  await keepPictures(other, info, 'reopened');
  expect([...complaints, ...others]).toEqual([]);
};
