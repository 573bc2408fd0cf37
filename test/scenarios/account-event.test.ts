// Owns the proof that a changed password or a removed account ends what was granted before, and that nobody inherits.

import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';

const skip = lacking();

test('a new password ends open logins and known devices, not the factor', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const { deviceToken } = (await bench.tries('alice', phone.code(bench.now))).body;
  bench.pass(30);
  const open = await bench.challenged('alice');
  says(await bench.event('alice', 'password-changed'), 202);
  const answer = { login: open, user: 'alice', method: 'totp', code: phone.code(bench.now) };
  says(await bench.login('answer', answer), 404, { code: 'unknown-login' });

  for (let i = 0; i < 4; i++) await bench.tries('alice', phone.wrong(bench.now));
  says(await bench.begin('alice', { deviceToken }), 401, { retryAfter: 5 });
  bench.pass(5);
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});

test('an event says nothing about whether there is such a user', { skip }, async (t) => {
  const bench = await Bench.started(t);
  says(await bench.event('nobody-here', 'password-changed'), 202);
  says(await bench.event('bob', 'removed'), 202);
});

test('a removal only marks: the factor still stands before the door', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  says(await bench.event('alice', 'removed'), 202);
  says(await bench.asRoot('GET /v1/users/alice'), 200, { state: 'removed' });
  says(await bench.begin('alice'), 401, { outcome: 'challenge' });
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});

test('a name that was given to another uid inherits nothing', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  says(await bench.begin('alice', { uid: 1000 }), 401);
  says(await bench.begin('alice', { uid: 4242 }), 403, { outcome: 'deny', because: 'identity-changed' });
  says(await bench.begin('bob', { uid: 4242 }), 403, { because: 'identity-changed' });
  says(await bench.tries('alice', phone.code(bench.now), { uid: 1000 }), 200);
});

test('a uid that was given to another name inherits nothing', { skip }, async (t) => {
  const bench = await Bench.started(t, { passwd: 'dave:x:2000:1000::/home/dave:/bin/sh\n' });
  await bench.enrolled('dave');
  await bench.stop();
  bench.people('erin:x:2000:1000::/home/erin:/bin/sh\n');
  await bench.start();
  says(await bench.begin('erin'), 403, { outcome: 'deny', because: 'identity-changed' });
  says(await bench.begin('dave'), 401, { outcome: 'challenge' });
});

test('a second name of an enrolled uid is challenged as the first', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('root');
  const login = await bench.challenged('toor');
  const answer = { login, user: 'toor', method: 'totp', code: phone.code(bench.now) };
  says(await bench.login('answer', answer), 200, { user: 'root' });
  says(await bench.begin('0'), 401, { outcome: 'challenge' });
});
