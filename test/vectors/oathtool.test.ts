// Owns the comparison with oathtool, an independent implementation, over secrets and times that no table lists.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { base32 } from '../../daemon/enrolment/otpauth.ts';
import { instant } from '../../daemon/kernel/instant.ts';
import { Secret } from '../../daemon/kernel/secret.ts';
import { codeAt, SECRET_BYTES, stepAt } from '../../daemon/verification/totp.ts';

const SECRETS = 12;
/** Codes a call: the first one and this many more. */
const WINDOW = 49;
const YEAR_2040 = 2_208_988_800;

const present = spawnSync('oathtool', ['--version']).status === 0;
const skip = present ? false : 'needs Debian oathtool';

/** The same secrets and times on every run, so that a failure can be looked at again. */
function draw(name: string): Buffer {
  return createHash('sha256').update(`oathtool ${name}`).digest();
}

function oathtool(...args: string[]): string[] {
  const run = spawnSync('oathtool', args, { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout.trim().split('\n');
}

test(`${SECRETS * (WINDOW + 1)} codes are what oathtool shows`, { skip }, (t) => {
  let compared = 0;
  for (let i = 0; i < SECRETS; i++) {
    const bytes = draw(`secret ${i}`).subarray(0, SECRET_BYTES);
    const seconds = draw(`time ${i}`).readUInt32BE(0) % YEAR_2040;
    // One of the two bases each time: oathtool's own base32 decoder has to read what a person copies by hand.
    const key = i % 2 === 0 ? ['--base32', base32(bytes)] : [bytes.toString('hex')];
    const shown = oathtool('--totp', `--now=@${seconds}`, `--window=${WINDOW}`, ...key);
    const first = stepAt(instant(seconds * 1000));
    const secret = new Secret(bytes);
    assert.deepEqual(
      shown,
      Array.from({ length: WINDOW + 1 }, (_, n) => codeAt(secret, first + n)),
      `secret ${i} from ${seconds} s on`,
    );
    compared += shown.length;
  }
  t.diagnostic(`codes compared with oathtool: ${compared}`);
});
