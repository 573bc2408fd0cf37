// Owns the files that ship inside the program besides its code, as they lie in the sources. In the executable
// packaging/embedded/assets.ts stands in for this module.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that ship with the program. Their paths are relative to daemon/, with `/` between the parts. */
export interface Assets {
  /** The names of the files right in `folder`, sorted. */
  names(folder: string): readonly string[];
  /** The bytes of one file, not to be written to. @throws Error where there is none */
  bytes(path: string): Uint8Array;
  /** The same as UTF-8 text. @throws Error where there is none */
  text(path: string): string;
  /** The text of a file that a build has made into dist/; `null` where it was not built. */
  built(name: string): string | null;
}

/** The files below a folder on disk. */
export function assetsBelow(root: string): Assets {
  return {
    names(folder) {
      const path = join(root, folder);
      return readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
        .map(({ name }) => name)
        .sort();
    },
    bytes: (path) => readFileSync(join(root, path)),
    text: (path) => readFileSync(join(root, path), 'utf8'),
    built(name) {
      const path = join(root, '..', 'dist', name);
      return existsSync(path) ? readFileSync(path, 'utf8') : null;
    },
  };
}

/** What ships with this program. */
export const assets: Assets = assetsBelow(import.meta.dirname);
