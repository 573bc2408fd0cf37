// Owns the proof of the outbox: tried until it is of no use, sent once, resent at most once, told within its time.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { DAY, later, MINUTE, SECOND } from '../../daemon/kernel/instant.ts';
import { Secret } from '../../daemon/kernel/secret.ts';
import type { Lane, Letter } from '../../daemon/mail/letter.ts';
import { PostOffice } from '../../daemon/mail/post-office.ts';
import { cancelLetter, mailConfigured, queueLetter, withinBudget } from '../../daemon/mail/queue.ts';
import type { Tables } from '../../daemon/store/tables.ts';
import type { MailMessage, MailRequest } from '../../daemon/wire/mail.ts';
import { type House, makeHouse } from '../service/house.ts';
import { type Board, NOW } from '../store/board.ts';
import { limitFileSize, withoutPrlimit } from '../store/system.ts';

const ALICE = { id: 1, name: 'alice' };
const DONE = { outcome: 'done', steps: [{ step: 'accepted', ok: true }] };
const ended = (outcome: string, failure: string, said = '') => ({
  outcome,
  steps: [{ step: 'accepted', ok: false, failure, said }],
});

interface Desk extends House {
  /** What the role was asked to send. */
  readonly sent: MailMessage[];
  /** What it answers, in turn; the last one stays. */
  answers: unknown[];
  post(changed?: { lane?: Lane; letter?: Letter; to?: string; minutes?: number }): Promise<number>;
  /** Resolves when nothing is being sent any more and everything due was tried. */
  settled(): Promise<void>;
}

async function desk(t: TestContext, board?: Board): Promise<Desk> {
  const house = board ? await makeHouse(t, board) : await makeHouse(t);
  const { parts } = house;
  if (!board)
    await parts.state.write((tables) => {
      const caFile = null;
      const server = { host: 'mail.example', port: 587, security: 'starttls', caFile } as const;
      tables.mail.put({ provider: 'smtp', sender: 'nas@example.com', account: 'nas', ...server });
      tables.mail.keep('password', new Secret(Buffer.from('right password')));
    });
  const sent: MailMessage[] = [];
  const idle: { tell: (() => void)[]; asked: number } = { tell: [], asked: 0 };
  const made: Desk = {
    ...house,
    sent,
    answers: [DONE],
    post: async ({ lane = 'emergency', letter = CODE, to = 'alice@example.com', minutes = 10 } = {}) => {
      const id = await parts.state.write((tables) =>
        queueLetter(tables, {
          user: ALICE,
          to,
          locale: 'en',
          letter,
          lane,
          at: house.clock.now,
          until: later(house.clock.now, minutes * MINUTE),
        }),
      );
      parts.outbox.kick();
      return id;
    },
    settled: async () => {
      // Rounds and commits are turns of the event loop; when some pass without a question, nothing is on its way.
      for (let quiet = 0, seen = idle.asked; quiet < 30; quiet++) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (idle.asked !== seen) [quiet, seen] = [0, idle.asked];
      }
    },
  };
  house.courier.handle = async (request: MailRequest) => {
    idle.asked++;
    if (request.kind === 'send') sent.push(request.message);
    const answer = made.answers.length > 1 ? made.answers.shift() : made.answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return made;
}

const CODE: Letter = {
  kind: 'emergency-code',
  code: 'ABCD-EFGH',
  validFor: 10 * MINUTE,
  service: 'web',
  address: '192.0.2.7',
};
const NOTICE: Letter = { kind: 'notice', event: 'failures', count: 5 };
const standing = ({ parts }: House, id: number) => parts.state.read((t: Tables) => t.letters.stateOf(id));

test('a letter goes out at once, says what it should, and leaves neither address nor code behind', async (t) => {
  const house = await desk(t);
  const id = await house.post();
  assert.equal(await house.parts.outbox.outcome(id, 5 * SECOND), 'sent');
  const [message] = house.sent;
  assert.deepEqual(
    [message?.to, message?.from.address, message?.date],
    ['alice@example.com', 'nas@example.com', NOW],
  );
  assert.match(message?.text ?? '', /ABCD-EFGH/);
  assert.match(message?.messageId ?? '', /^<[0-9a-f]{32}@example\.com>$/);
  assert.equal(await house.parts.outbox.outcome(id, 0), 'sent', 'asked again');
  assert.equal(
    house.parts.state.read((tables) => tables.letters.waiting(1, 'alice@example.com', 'emergency-code')),
    null,
  );
  const { experience } = house.parts.state.read((tables) => tables.mail.current());
  assert.deepEqual(experience, { at: NOW, trouble: null });
});

test('in the database the code is sealed, bound to its row', async (t) => {
  const house = await desk(t);
  house.answers = [ended('failed', 'unreachable')];
  const id = await house.post();
  await house.settled();
  house.parts.state.close();
  const bytes = readFileSync(house.board.places.database, 'latin1');
  assert.ok(bytes.includes('alice@example.com') && id > 0, 'the letter is in there');
  for (const secret of ['ABCD-EFGH', 'right password']) assert.ok(!bytes.includes(secret), secret);
});

test('the answer comes within its time while the server is slow, and the letter goes on', async (t) => {
  const house = await desk(t);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  house.courier.handle = () => promise;
  const id = await house.parts.state.write((tables) =>
    queueLetter(tables, {
      user: ALICE,
      to: 'a@example.com',
      locale: 'en',
      letter: CODE,
      lane: 'emergency',
      at: NOW,
      until: later(NOW, MINUTE),
    }),
  );
  house.parts.outbox.kick();
  assert.equal(await house.parts.outbox.outcome(id, 20), 'queued');
  const asked = house.parts.outbox.outcome(id, 5 * SECOND);
  resolve(DONE);
  assert.equal(await asked, 'sent');
});

test('what was not taken is tried again with the same Message-ID, until it has expired', async (t) => {
  const house = await desk(t);
  house.answers = [ended('failed', 'unreachable')];
  const id = await house.post();
  assert.equal(await house.parts.outbox.outcome(id, 5 * SECOND), 'queued');
  await house.settled();
  assert.equal(house.sent.length, 1, 'not before its pause is over');
  for (let n = 2; n < 6; n++) {
    house.board.time.elapsed += MINUTE;
    house.parts.outbox.kick();
    await house.settled();
    assert.equal(house.sent.length, n);
  }
  assert.equal(new Set(house.sent.map(({ messageId }) => messageId)).size, 1);
  house.clock.now = later(NOW, 10 * MINUTE);
  house.answers = [DONE];
  house.board.time.elapsed += MINUTE;
  house.parts.outbox.kick();
  await house.settled();
  assert.deepEqual([house.sent.length, standing(house, id)], [5, 'failed'], 'a dead code is not sent');
});

test('a letter that a clock in the future queued is not kept for years', async (t) => {
  const house = await desk(t);
  house.clock.now = later(NOW, 900 * DAY);
  house.answers = [ended('failed', 'timeout')];
  const id = await house.post();
  await house.settled();
  house.clock.now = NOW;
  house.parts.outbox.retry();
  await house.settled();
  assert.equal(standing(house, id), 'failed');
});

test('where nobody knows whether it was taken, it is sent once more with the same Message-ID, never a third time', async (t) => {
  for (const open of [ended('unsure', 'dropped'), 'garbage', new Error('the helper died')]) {
    const house = await desk(t);
    house.answers = [open];
    const id = await house.post();
    for (let n = 0; n < 6; n++) {
      await house.settled();
      house.board.time.elapsed += MINUTE;
      house.parts.outbox.kick();
    }
    assert.equal(house.sent.length, 2);
    assert.equal(house.sent[0]?.messageId, house.sent[1]?.messageId);
    assert.equal(standing(house, id), 'failed');
  }
});

test('a stop while it is being sent leaves it open: after the start it is resent, once; what waited is sent', async (t) => {
  const first = await desk(t);
  const { promise, resolve } = Promise.withResolvers<void>();
  first.courier.handle = () => {
    resolve();
    return new Promise(() => {});
  };
  const open = await first.post();
  first.parts.outbox.kick();
  await promise;
  await first.parts.outbox.close(0);
  const waiting = await first.post({ to: 'bob@example.com' });
  first.parts.state.close();

  const second = await desk(t, first.board);
  second.parts.outbox.kick();
  await second.settled();
  assert.deepEqual(second.sent.map(({ to }) => to).sort(), ['alice@example.com', 'bob@example.com']);
  assert.deepEqual([standing(second, open), standing(second, waiting)], ['sent', 'sent']);
});

test('what is for good is not tried again, and says nothing against the server where it is one recipient', async (t) => {
  const house = await desk(t);
  house.answers = [ended('refused', 'recipient-refused', '550 no such user')];
  const id = await house.post();
  assert.equal(await house.parts.outbox.outcome(id, 5 * SECOND), 'failed');
  assert.equal(house.parts.state.read((tables) => tables.mail.current()).experience?.trouble, null);
  house.answers = [ended('refused', 'rejected', '554 spam ABCD-EFGH right password')];
  await house.parts.outbox.outcome(await house.post(), 5 * SECOND);
  const { experience } = house.parts.state.read((tables) => tables.mail.current());
  assert.deepEqual(experience?.trouble, { code: 'rejected', text: '554 spam ••• •••' });
});

test('letters of the day are counted: notices stop first, emergencies last, and a new day begins', async (t) => {
  const house = await desk(t);
  const open = (lane: Lane) =>
    house.parts.state.read((tables) => withinBudget(tables, lane, house.clock.now));
  const fill = async (n: number) => {
    for (let i = 0; i < n; i++) await house.post({ to: `u${i}@example.com` });
  };
  await fill(100);
  assert.deepEqual([open('notice'), open('reset'), open('emergency')], [false, true, true]);
  assert.equal(await house.post({ lane: 'notice', letter: NOTICE }), 0);
  assert.equal(await house.parts.outbox.outcome(0, 0), 'failed');
  await fill(40);
  assert.deepEqual([open('reset'), open('confirm'), open('emergency')], [false, false, true]);
  await fill(60);
  assert.equal(open('emergency'), false);
  await house.settled();
  house.clock.now = later(NOW, DAY);
  assert.equal(open('notice'), true);
  await house.post();
  await house.settled();
  assert.equal(
    house.parts.state.read((tables) => tables.letters.countOfDay(house.clock.now)),
    1,
  );
});

test('notices of one event that wait become one; codes never do; an emergency goes before a notice', async (t) => {
  const house = await desk(t);
  house.answers = [ended('failed', 'unreachable')];
  for (const count of [5, 10, 20]) {
    await house.post({ lane: 'notice', letter: { ...NOTICE, count }, minutes: 900 });
    await house.settled();
  }
  await house.post({ lane: 'emergency' });
  await house.post({ lane: 'emergency' });
  await house.settled();
  const queued = house.parts.state.read((tables) => tables.letters.queued());
  assert.deepEqual(
    queued.map(({ lane }) => lane),
    ['emergency', 'emergency', 'notice'],
  );
  house.answers = [DONE];
  house.sent.length = 0;
  house.parts.outbox.retry();
  await house.settled();
  assert.equal(house.sent.length, 3);
  assert.match(house.sent.at(-1)?.text ?? '', /failed 20 times[\s\S]*It happened 3 times/);
});

test('a letter taken back is not sent', async (t) => {
  const house = await desk(t);
  house.answers = [ended('failed', 'unreachable')];
  const id = await house.post();
  await house.settled();
  await house.parts.state.write((tables) => cancelLetter(tables, id));
  house.answers = [DONE];
  house.parts.outbox.retry();
  await house.settled();
  assert.deepEqual([house.sent.length, standing(house, id)], [1, 'failed']);
});

test('without a mail server letters wait for one; with one they go', async (t) => {
  const house = await desk(t);
  await house.parts.state.write((tables) => tables.mail.clear());
  assert.equal(house.parts.state.read(mailConfigured), false);
  const id = await house.post();
  await house.settled();
  assert.deepEqual([house.sent.length, standing(house, id)], [0, 'queued']);
});

test('a medium that takes no more loses no letter and sends none twice', async (t) => {
  const house = await desk(t);
  const { state } = house.parts;
  const write = state.write.bind(state);
  let broken = false;
  state.write = (async (work: (tables: Tables) => unknown) => {
    if (broken) throw new Error('the disk is full');
    return write(work);
  }) as typeof state.write;
  house.courier.handle = async (request) => {
    if (request.kind === 'send') house.sent.push(request.message);
    broken = true;
    return DONE;
  };
  const id = await house.post();
  assert.equal(await house.parts.outbox.outcome(id, 5 * SECOND), 'sent', 'the server took it');
  await house.settled();
  broken = false;
  house.board.time.elapsed += MINUTE;
  house.parts.outbox.kick();
  await house.settled();
  assert.deepEqual([house.sent.length, standing(house, id)], [1, 'sent']);
});

test('a full disk while letters are queued: whoever asks is told, nothing is half queued, and later letters go', {
  skip: withoutPrlimit(),
}, async (t) => {
  const house = await desk(t);
  const restore = limitFileSize(150_000);
  try {
    const all = Array.from({ length: 100 }, (_, n) =>
      house.post({ to: `u${n}@example.com`, letter: { ...CODE, address: 'x'.repeat(4_000) } }),
    );
    const outcomes = await Promise.allSettled(all);
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    await house.settled();
  } finally {
    restore();
  }
  assert.equal(house.sent.length, 0);
  const id = await house.post();
  assert.equal(await house.parts.outbox.outcome(id, 5 * SECOND), 'sent');
  assert.equal(house.sent.length, 1);
});

test('a store that was away when a letter was due is asked again', async (t) => {
  const house = await desk(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { state } = house.parts;
  const read = state.read.bind(state);
  state.read = () => {
    throw new Error('the medium is away');
  };
  const id = await house.post();
  await house.settled();
  state.read = read;
  assert.equal(house.sent.length, 0);
  t.mock.timers.tick(MINUTE);
  await house.settled();
  assert.deepEqual([house.sent.length, standing(house, id)], [1, 'sent']);
});

test('an idle outbox asks nothing, writes nothing and sets no timer', async (t) => {
  const house = await desk(t);
  const changes = () => house.parts.state.read((tables) => tables.mail.current().version);
  const before = [changes(), process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length];
  house.parts.outbox.kick();
  await house.settled();
  assert.deepEqual(
    [changes(), process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length],
    before,
  );
  assert.equal(house.sent.length, 0);
  assert.ok(house.parts.outbox instanceof PostOffice);
});
