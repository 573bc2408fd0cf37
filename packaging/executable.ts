// Owns the last step: the script, its assets and its code cache into a copy of Node, by pkg. Run as a process of its own,
// because pkg finds its Node bases by HOME and the Node that makes the code cache by how it was started itself.

import { createRequire } from 'node:module';
import process from 'node:process';

/** What is handed over, as JSON in the only argument. */
export interface Order {
  readonly bundle: string;
  readonly output: string;
  readonly arch: string;
  readonly nodeVersion: string;
  /** Runs the target's own Node, under the flags that are baked in: V8 refuses a code cache made under others. */
  readonly generator: string;
  readonly flags: readonly string[];
  readonly assets: Readonly<Record<string, string>>;
}

const order: Order = JSON.parse(process.argv[2] ?? '{}');
const require = createRequire(import.meta.url);

// pkg makes the blob with the Node it runs on when no target is for this machine. Told that none is, it takes ours.
require('@yao-pkg/pkg-fetch').system.hostArch = 'none';
process.execPath = order.generator;

// Not the command: only this function takes flags and assets, and gives the same bytes each time.
const { default: sea } = require('@yao-pkg/pkg/lib-es5/sea.js');
await sea(order.bundle, {
  signature: false,
  targets: [
    {
      nodeRange: `node${order.nodeVersion}`,
      platform: 'linux',
      arch: order.arch,
      output: order.output,
    },
  ],
  seaConfig: {
    execArgv: order.flags,
    execArgvExtension: 'none',
    useCodeCache: true,
    assets: order.assets,
  },
});
