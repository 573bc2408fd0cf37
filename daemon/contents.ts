// Owns what this program is made of, as the sources know it: the packages that package.json names. In the executable
// packaging/embedded/contents.ts stands in for this module, with every package inside.

import manifest from '../package.json' with { type: 'json' };
import type { Component } from './cli/io.ts';

/** The npm packages inside. */
export function contents(): readonly Component[] {
  return Object.entries(manifest.dependencies).map(([name, version]) => ({ name, version }));
}
