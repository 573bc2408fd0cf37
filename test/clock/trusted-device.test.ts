// Owns the proof that no jump of the wall clock moves the end of a trusted device while the time is known.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { chrony, lacking } from './chrony.ts';
import { Daemon, until, YEAR } from './daemon.ts';

const skip = lacking || (existsSync('/usr/bin/oathtool') ? false : 'needs oathtool');
const DAY = 86_400;

test('the wall clock jumps past a device’s end, back before its beginning, and to 1970: it stays trusted', {
  skip,
}, async (t) => {
  const places = [1, 2, 3, 4].map((n) => chrony(t, `127.0.0.${40 + n}`, 0));
  const daemon = new Daemon(t, await Promise.all(places));
  await daemon.start();
  assert.equal((await daemon.check()).state, 'synchronised');
  await daemon.enrol(Date.now());
  const begin = (deviceToken?: string) =>
    daemon.call('login.sock', 'POST /v1/login/begin', { user: 'alice', service: 'web', deviceToken });
  const { login } = (await begin()).body;
  const [code] = daemon.recoveryCodes;
  const answer = { login, user: 'alice', method: 'recovery-code', code, trustDevice: 'laptop' };
  const { status, body } = await daemon.call('login.sock', 'POST /v1/login/answer', answer);
  assert.equal(status, 200, JSON.stringify(body));
  const token: string = body.deviceToken;
  const ends = async () => (await daemon.admin('GET /v1/users/alice/devices')).body.devices[0].until;
  const end = await ends();
  for (const wall of [31 * DAY, -31 * DAY, 3 * YEAR, until(0), 0]) {
    daemon.setWall(wall);
    const begun = await begin(token);
    assert.deepEqual([begun.status, begun.body.because], [200, 'trusted-device'], `${wall}`);
    assert.equal(begun.body.deviceToken, undefined, 'nor is it time for the next token');
    assert.equal(await ends(), end);
  }
  daemon.setWall(3 * YEAR);
  await daemon.stop();
  await daemon.start();
  await daemon.check();
  assert.equal((await begin(token)).status, 200);
});
