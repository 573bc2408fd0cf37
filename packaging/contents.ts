// Owns the list of what the executable is made of besides Node, as `fygo-2fa version --json` prints it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from '../daemon/cli/io.ts';
import { ROOT } from './target.ts';

/** The packages in these folders, and koffi, whose add-on lies beside the script. @param folders below the checkout */
export function contentsOf(folders: readonly string[]): readonly Component[] {
  const components = [...folders, 'node_modules/koffi'].map((folder): Component => {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    return { name, version, licence: license };
  });
  const order = ({ name, version }: Component) => `${name} ${version}`;
  return components.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
