// Owns the proof that the module and the real daemon understand one another, from enrolling to a restart.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lacking, Bench as Machine } from '../scenarios/bench.ts';
import { Mailbox } from '../scenarios/mailbox.ts';
import { Phone } from '../scenarios/phone.ts';
import { Bench, missing } from './bench.ts';

const skip = missing() ?? (lacking() || undefined);
let bench: Bench;

before(() => {
  if (!skip) bench = new Bench();
});
after(() => bench?.remove());

const socketOf = (machine: Machine) => machine.file('run', 'login.sock');
const questions = (screen: string) => screen.match(/^(hidden|shown ): /gm)?.length ?? 0;

test('who has to enrol does so in the terminal; later a code, no code twice, a recovery code', {
  skip,
}, async (t) => {
  const machine = await Machine.started(t);
  const set = await machine.cli(['policy', 'set', '--scope', 'all', '--grace', '0', '--force', '--json']);
  assert.equal(set.code, 0, set.err);
  const plan = { user: 'bob', service: 'sshd', socket: socketOf(machine) };

  let phone = new Phone('');
  const enrolled = await bench.login(plan, [], (screen) => {
    phone = new Phone(/Secret Key: (.*)/.exec(screen)?.[1]?.replaceAll(' ', '') ?? '');
    const typed = [phone.wrong(machine.now), phone.code(machine.now - 60_000), phone.code(machine.now), ''];
    return typed[questions(screen) - 1] ?? '';
  });
  assert.equal(enrolled.code, 0, enrolled.output + enrolled.complaints);
  assert.match(enrolled.output, /^error : The code is wrong\.\nhidden.*\nerror : .*slow.*\nhidden/m);
  const codes = enrolled.output.match(/^info {2}: [0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/gm) ?? [];
  assert.equal(codes.length, 10);

  machine.pass(30);
  const code = phone.code(machine.now);
  const entered = await bench.login({ ...plan, answers: [code] });
  assert.equal(entered.code, 0, entered.output);
  const again = await bench.login({ ...plan, answers: [code, code, code] });
  assert.equal(again.code, 1);
  assert.match(again.output, /^error : This code was used already\./m);

  machine.pass(300);
  const slow = await bench.login(plan, [], (screen) => {
    if (questions(screen) === 1) return phone.code(machine.now - 240_000);
    // The daemon's clock stands still; the wait that the fourth failure costs has to pass on it too.
    machine.pass(30);
    return phone.code(machine.now);
  });
  assert.equal(slow.code, 0, slow.output);
  assert.match(slow.output, /^error : .*slow/m);

  const recovery = codes[0]?.slice('info  : '.length).toLowerCase() ?? '';
  assert.equal((await bench.login({ ...plan, answers: [recovery] })).code, 0);
  assert.equal((await bench.login({ ...plan, answers: [recovery, recovery, recovery] })).code, 1);
});

test('a lost phone: the word mail, and the code from a real mailbox, once', { skip }, async (t) => {
  const machine = await Machine.started(t);
  const mailbox = await Mailbox.open(t);
  await mailbox.serves(machine);
  await machine.enrolled('alice');
  await mailbox.belongsTo(machine, 'alice', 'alice@example.com');
  const plan = { user: 'alice', service: 'sshd', socket: socketOf(machine) };
  let code = '';
  const entered = await bench.login(plan, [], async (screen) => {
    if (questions(screen) === 1) return 'mail';
    if (questions(screen) === 2) return '0000-0000';
    code = await mailbox.code();
    return code.toLowerCase();
  });
  assert.equal(entered.code, 0, entered.output + entered.complaints);
  assert.match(
    entered.output,
    /^info {2}: A code was sent to a•••@example\.com\. It is valid for 10 minutes\.$/m,
  );
  assert.match(entered.output, /^error : The code is wrong\.$/m);

  machine.pass(60);
  const again = await bench.login(plan, [], (screen) => (questions(screen) === 1 ? 'mail' : code));
  assert.equal(again.code, 1, again.output);
  await mailbox.stop();
  machine.pass(60);
  const queued = await bench.login({ ...plan, answers: ['mail', code, code, code] });
  assert.match(queued.output, /waits to be sent/);
});

test('a daemon that restarts at the question, and one that stops', { skip }, async (t) => {
  const machine = await Machine.started(t);
  const phone = await machine.enrolled('alice');
  const plan = { user: 'alice', socket: socketOf(machine) };
  const entered = await bench.login(plan, [], async (screen) => {
    if (questions(screen) === 1) await machine.restart();
    return phone.code(machine.now);
  });
  assert.equal(entered.code, 0, entered.output);
  assert.match(entered.output, /^info {2}: The two-factor service restarted meanwhile/m);

  machine.pass(30);
  const stopped = await bench.login(plan, [], async () => {
    await machine.stop();
    return phone.code(machine.now);
  });
  assert.match(stopped.output, /^result: 9 /m);
  const gone = await bench.login({ ...plan, options: 'unavailable=allow', answers: ['123456'] });
  assert.match(gone.output, /^result: 6 /m, 'ignored, and nobody else in the stack says yes');
});

test('after 20 lost guesses pair form is asked for, told, and opens', { skip }, async (t) => {
  const machine = await Machine.started(t);
  const phone = await machine.enrolled('alice');
  const plan = { user: 'alice', socket: socketOf(machine) };
  const wrong = phone.wrong(machine.now);
  let screen = '';
  for (let round = 0; round < 10 && !/First of two/.test(screen); round++) {
    // A recovery code never waits, so one that is none ends the round without waiting for the throttle.
    screen = (
      await bench.login({ ...plan, answers: [wrong, ...Array<string>(2).fill('0000-0000-0000-000Z')] })
    ).output;
    machine.pass(60);
  }
  assert.match(screen, /^info {2}: At the moment two one-time passwords in a row are needed/m);
  machine.pass(60);
  const codes = [phone.code(machine.now), phone.code(machine.now + 30_000)];
  const entered = await bench.login({ ...plan, answers: codes });
  assert.equal(entered.code, 0, entered.output);
});

test('a changed password is taken note of', { skip }, async (t) => {
  const machine = await Machine.started(t);
  await machine.enrolled('alice');
  const lines = 'password required pam_permit.so\npassword required MODULE';
  const plan = { lines, user: 'alice', socket: socketOf(machine), driver: ['-o', 'chauthtok'] };
  const { output, complaints } = await bench.login(plan);
  assert.equal(output + complaints, 'result: 0 Success\n');
});
