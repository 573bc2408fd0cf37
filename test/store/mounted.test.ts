// Owns the proof that an empty folder is told from the medium that should be mounted on it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMounted } from '../../daemon/store/mounted.ts';

const STATE = '/var/lib/fygo-2fa';
const info = (...points: string[]) =>
  points
    .map((point, n) => `${30 + n} 1 179:${n} / ${point} rw,noatime shared:${n} - ext4 /dev/x rw`)
    .join('\n');

const BOUND = `${info('/')}\n40 30 179:0 ${STATE} ${STATE} rw - ext4 /dev/x rw`;
const REBOUND = `41 31 179:1 / ${STATE} rw - ext4 /dev/y rw`;
const POOL = `42 30 179:0 /data/2fa ${STATE} rw - ext4 /dev/x rw`;

const CASES: readonly (readonly [what: string, fstab: string, mounts: string, mounted: boolean])[] = [
  ['no fstab entry', '', info('/'), true],
  ['the root alone', 'UUID=1 / ext4 defaults 0 1', info('/'), true],
  ['its own mount, there', `UUID=2 ${STATE} ext4 defaults 0 2`, info('/', STATE), true],
  ['its own mount, missing', `UUID=2 ${STATE} ext4 defaults,nofail 0 2`, info('/'), false],
  ['its own mount, missing, in a sandbox that lets it write there', `UUID=2 ${STATE} ext4`, BOUND, false],
  [
    'its own mount, there, in such a sandbox',
    `UUID=2 ${STATE} ext4`,
    `${info('/', STATE)}\n${REBOUND}`,
    true,
  ],
  ['a folder of a pool, bound there', `/data/2fa ${STATE} none bind`, `${info('/')}\n${POOL}`, true],
  ['a mount above, there', 'LABEL=data /var ext4 defaults 0 2', info('/', '/var'), true],
  ['a mount above, missing', 'LABEL=data /var ext4 defaults 0 2', info('/'), false],
  ['two above, one missing', '/dev/a /var ext4\n/dev/b /var/lib ext4', info('/', '/var'), false],
  ['two above, both there', '/dev/a /var ext4\n/dev/b /var/lib ext4', info('/', '/var', '/var/lib'), true],
  ['a slash at the end', '/dev/a /var/ ext4', info('/', '/var'), true],
  ['a slash at the end, missing', '/dev/a /var/ ext4', info('/'), false],
  ['a mount below', `/dev/a ${STATE}/key ext4`, info('/'), true],
  ['a folder whose name only begins alike', '/dev/a /var/lib/fygo ext4\n/dev/b /va ext4', info('/'), true],
  ['swap and what is not a path', '/dev/c none swap sw 0 0\n/dev/d swap swap sw', info('/'), true],
  ['a comment', `# UUID=2 ${STATE} ext4\n  #/dev/a /var ext4`, info('/'), true],
  ['tabs and spaces before', `  UUID=2\t\t${STATE}\text4\tdefaults`, info('/'), false],
  ['empty lines', '\n\n', info('/'), true],
];

for (const [what, fstab, mounts, mounted] of CASES) {
  test(`${what}: ${mounted ? 'there' : 'missing'}`, () => {
    assert.equal(isMounted(STATE, fstab, mounts), mounted);
  });
}

test('a space in a path is written \\040 in both files', () => {
  const fstab = '/dev/a /srv/my\\040data ext4';
  assert.equal(isMounted('/srv/my data/state', fstab, info('/')), false);
  assert.equal(isMounted('/srv/my data/state', fstab, info('/', '/srv/my\\040data')), true);
});
