import { FuseV1Options, FuseVersion } from '@electron/fuses';
import { MakerDeb } from '@electron-forge/maker-deb';
import { MakerZIP } from '@electron-forge/maker-zip';
import { FusesPlugin } from '@electron-forge/plugin-fuses';
import type { ForgeConfig } from '@electron-forge/shared-types';

/** What the app consists of, from the repository's root; everything is bundled, so node_modules stays out. */
const shipped = [
  /^\/package\.json$/,
  /^\/LICENSE$/,
  /^\/dist(\/(?!.*\.map$).*)?$/,
  /^\/build$/,
  /^\/build\/native$/,
  /^\/build\/native\/(keyhole\.node|keyhole-launch)$/,
  /^\/examples(\/(?!.*\/(test|golden)\/).*)?$/,
];

/** A folder with Electron archives to package from, for machines that cannot download one. */
const electronZipDir = process.env.KEYHOLE_ELECTRON_ZIP_DIR;

const config: ForgeConfig = {
  packagerConfig: {
    name: 'Keyhole',
    executableName: 'keyhole',
    prune: false,
    ignore: (path) => path !== '' && !shipped.some((pattern) => pattern.test(path)),
    // The addon is loaded, the launch helper executed and the examples read by other programs: real files, all of them.
    asar: { unpack: '{**/build/native/*,**/examples/**}' },
    ...(electronZipDir ? { electronZipDir } : {}),
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
