// Owns the licence texts of the npm packages inside, which most of them want to be passed on.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './target.ts';

/** One text after the other. @param folders of packages, below the checkout */
export function licenceTexts(folders: readonly string[]): string {
  return [...folders, 'node_modules/koffi']
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
      const files = readdirSync(join(ROOT, folder)).filter((file) =>
        /^(licen[cs]e|copying|notice)/i.test(file),
      );
      const texts = files.sort().map((file) => readFileSync(join(ROOT, folder, file), 'utf8').trim());
      return `${'='.repeat(72)}\n${name} ${version}: ${license}\n\n${texts.join('\n\n')}\n`;
    })
    .join('\n');
}
