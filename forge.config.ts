import { cp, mkdir, rm } from 'node:fs/promises';
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import { MakerDeb } from '@electron-forge/maker-deb';
import { MakerZIP } from '@electron-forge/maker-zip';
import { FusesPlugin } from '@electron-forge/plugin-fuses';
import type { ForgeConfig } from '@electron-forge/shared-types';

/** What the archive holds, from the repository's root; everything is bundled, so node_modules stays out. */
const packed = [/^\/package\.json$/, /^\/LICENSE$/, /^\/dist(\/(?!.*\.map$).*)?$/];

/** What lies beside the archive, since the kernel cannot execute out of it: electron/session/paths.ts looks there. */
const beside = 'build/package';

/** A folder with Electron archives to package from, for machines that cannot download one. */
const electronZipDir = process.env.KEYHOLE_ELECTRON_ZIP_DIR;

const config: ForgeConfig = {
  packagerConfig: {
    name: 'Keyhole',
    executableName: 'keyhole',
    prune: false,
    ignore: (path) => path !== '' && !packed.some((pattern) => pattern.test(path)),
    asar: true,
    extraResource: [`${beside}/native`, `${beside}/examples`],
    ...(electronZipDir ? { electronZipDir } : {}),
  },
  hooks: {
    generateAssets: async () => {
      await rm(beside, { recursive: true, force: true });
      await mkdir(`${beside}/native`, { recursive: true });
      for (const name of ['keyhole.node', 'keyhole-launch'])
        await cp(`build/native/${name}`, `${beside}/native/${name}`);
      await cp('examples', `${beside}/examples`, { recursive: true });
    },
  },
  makers: [
    new MakerDeb({
      options: {
        name: 'keyhole',
        bin: 'keyhole',
        genericName: 'Memory protection key inspector',
        maintainer: 'Keyhole maintainers <keyhole@localhost>',
        section: 'devel',
        categories: ['Development'],
        depends: ['libelf1', 'libdw1', 'libzydis4.0'],
      },
    }),
    new MakerZIP({}, ['linux']),
  ],
  plugins: [
    new FusesPlugin({
      version: FuseVersion.V1,
      strictlyRequireAllFuses: true,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: false,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    }),
  ],
};

export default config;
