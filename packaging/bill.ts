// Owns the bill of materials beside the executable: CycloneDX, by CycloneDX's own tool for npm. Kept of it is what the
// executable holds; added is Node, with what Node itself is made of.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { executableOf, packaged, ROOT, type Target, workshopOf } from './target.ts';

interface Part {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly [more: string]: unknown;
}

interface Bill {
  readonly metadata: { readonly component: Part; readonly [more: string]: unknown };
  readonly components: readonly Part[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly [more: string]: unknown;
}

const PATH = 'cdx:npm:package:path';

function checksumOf(file: string): { alg: string; content: string }[] {
  return [{ alg: 'SHA-256', content: createHash('sha256').update(readFileSync(file)).digest('hex') }];
}

/** Node as it came, and the libraries that it says it contains. */
function nodeAsPart({ arch }: Target, version: string): Part {
  const name = `node-linux-${arch}`;
  const inside = Object.entries(process.versions).filter(
    ([one]) => !['node', 'modules', 'napi'].includes(one),
  );
  return {
    type: 'platform',
    name: 'node',
    version,
    'bom-ref': `node@${version}`,
    purl: `pkg:npm/${name}@${version}`,
    // Its LICENSE file holds those of everything inside.
    licenses: [{ license: { id: 'MIT' } }],
    hashes: checksumOf(packaged(name, 'bin', 'node')),
    components: inside.map(([one, itsVersion]) => ({
      type: 'library',
      name: one,
      version: itsVersion,
      'bom-ref': `node@${version}|${one}@${itsVersion}`,
    })),
  };
}

/** Writes `dist/fygo-2fa-linux-ARCH.cdx.json`. @param folders of the packages inside, below the checkout */
export function writeBill(target: Target, folders: readonly string[], version: string): void {
  const raw = join(workshopOf(target), 'bill.json');
  const words = ['--flatten-components', '--output-reproducible', '--output-file', raw, 'package.json'];
  const tool = packaged('.bin', 'cyclonedx-npm');
  execFileSync(process.execPath, [tool, ...words], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const bill: Bill = JSON.parse(readFileSync(raw, 'utf8'));
  const inside = new Set([...folders, 'node_modules/koffi']);
  const node = nodeAsPart(target, version);
  const kept = bill.components.filter(({ properties = [] }) =>
    properties.some(({ name, value }) => name === PATH && inside.has(value)),
  );
  const whole = bill.metadata.component;
  const refs = new Set([whole, node, ...kept].map((part) => part['bom-ref']));
  const file = executableOf(target);
  const told: Bill = {
    ...bill,
    metadata: { ...bill.metadata, component: { ...whole, hashes: checksumOf(file) } },
    components: [node, ...kept],
    dependencies: bill.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({
        ref,
        dependsOn: [
          ...(ref === whole['bom-ref'] ? [node['bom-ref']] : []),
          ...dependsOn.filter((one) => refs.has(one)),
        ],
      })),
  };
  const missing = folders.filter(
    (folder) => !kept.some(({ properties = [] }) => properties.some(({ value }) => value === folder)),
  );
  if (missing.length > 0) throw new Error(`the bill of ${basename(file)} lacks ${missing.join(', ')}`);
  writeFileSync(`${file}.cdx.json`, `${JSON.stringify(told, null, 1)}\n`);
}
