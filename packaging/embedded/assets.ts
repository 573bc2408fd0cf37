// Owns the same as daemon/assets.ts for the executable: there, what ships with the program lies inside it.

import { getAsset, getAssetKeys, getRawAsset } from 'node:sea';
import type { Assets } from '../../daemon/assets.ts';

/** What ships with this program. */
export const assets: Assets = {
  names(folder) {
    const within = `${folder}/`;
    return getAssetKeys()
      .filter((key) => key.startsWith(within) && !key.includes('/', within.length))
      .map((key) => key.slice(within.length))
      .sort();
  },
  bytes: (path) => new Uint8Array(getRawAsset(path) as ArrayBuffer),
  text: (path) => getAsset(path, 'utf8'),
  built: (name) => (getAssetKeys().includes(`built/${name}`) ? getAsset(`built/${name}`, 'utf8') : null),
};
