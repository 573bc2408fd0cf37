// Owns the same as daemon/contents.ts for the executable: there, the build has left a list.

import type { Component } from '../../daemon/cli/io.ts';
import { assets } from './assets.ts';

/** The npm packages inside. */
export function contents(): readonly Component[] {
  return JSON.parse(assets.text('contents.json'));
}
