/** Recordings of programs that nobody wrote for Keyhole: they open, read well at any size, and complain of nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { complaintsOf } from './main-job.ts';
import { ServedKeyhole } from './server.ts';
import { keepPictures, region } from './steps.ts';

interface Program {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** What the map must name beside libc and the program itself. */
  readonly names: readonly string[];
}

const programs: readonly Program[] = [
  {
    ...{
      name: 'python3',
      program: '/usr/bin/python3',
      args: ['-c', 'import json, sqlite3; print(len(bytearray(5000000)))'],
    },
    names: ['libsqlite3', '[heap]', '[stack]'],
  },
  { name: 'git', program: '/usr/bin/git', args: ['log', '--oneline', '-50'], names: ['libz', '[heap]'] },
  {
    ...{ name: 'ffmpeg', program: '/usr/bin/ffmpeg' },
    args: ['-hide_banner', '-loglevel', 'error', '-i', 'examples/dav1d-split/clip.ivf', '-f', 'null', '-'],
    names: ['libavcodec', 'libdav1d', '[heap]'],
  },
  { name: 'node', program: process.execPath, args: ['-e', 'console.log(6 * 7)'], names: ['libstdc', '[heap]'] },
];

for (const { name, program, args, names } of programs) {
  test(`a recording of ${name}`, async ({ page }, info) => {
    test.skip(!existsSync(program), `${program} is not installed: nothing is known of how it reads`);
    const file = info.outputPath(`${name}.keyhole`);
    const record = ['dist/cli.mjs', 'record', '--policy', 'observe', '-o', file, '--', program, ...args];
    execFileSync(process.execPath, record, { stdio: ['ignore', 'ignore', 'ignore'], timeout: 180_000 });
    const complaints = complaintsOf(page);
    const served = await ServedKeyhole.start([process.execPath, 'dist/cli.mjs', 'serve', '--no-open', file]);
    try {
      await page.goto(served.url);
      await expect(page.getByRole('banner').getByRole('status')).toContainText(/Snapshot, Ended/);
      // At its end a program has no memory left to speak of: the instant before is what people look at.
      await page.getByRole('group', { name: 'Instant shown' }).getByRole('button', { name: 'Previous event' }).click();
      const map = region(page, 'Page map');
      const lines = map.getByRole('list', { name: /^Regions from line/ }).getByRole('button', { includeHidden: true });
      const filter = map.getByLabel('Show only memory whose owner');
      for (const each of ['libc', ...names]) {
        await filter.fill(each === '[stack]' ? 'stack' : each);
        await expect.poll(() => lines.count(), `${each} in the map of ${name}`).toBeGreaterThan(0);
      }
      await filter.fill('');
      await keepPictures(page, info, name);
      await map.getByLabel('Colour').selectOption('owner');
      await keepPictures(page, info, `${name}-owners`);
      await page.getByRole('tab', { name: 'TLS' }).click();
      await keepPictures(page, info, `${name}-tls`);
      expect(complaints).toEqual([]);
    } finally {
      await served.stop();
    }
  });
}
