// Owns the proof that a daemon which is killed at any moment forgets no code that opened the door.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import type { Reply } from './client.ts';
import type { Phone } from './phone.ts';

const PEOPLE = 20;
/** FYGO_KILLS asks for so many kills, one a round; without it the rounds of the table below have one. */
const KILLS = Number(process.env.FYGO_KILLS ?? 0);
const ROUNDS = KILLS || 25;
/** In these rounds the daemon is killed after so many of the twenty answers. Every amount from none to almost all comes up. */
const KILLED_AFTER: ReadonlyMap<number, number> = KILLS
  ? new Map(Array.from({ length: KILLS }, (_, round) => [round, Math.floor(Math.random() * PEOPLE)]))
  : new Map(
      [0, 1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 19].map((answers, i) => [
        1 + i * 2 - (i > 11 ? 1 : 0),
        answers,
      ]),
    );

interface Person {
  readonly name: string;
  readonly phone: Phone;
}

/** `null`: the daemon was killed before it answered. */
type Outcome = { readonly person: Person; readonly code: string; readonly status: number | null };

/** Everybody logs in with the code of this moment; after `killAfter` answers the plug is pulled. */
async function everybody(
  bench: Bench,
  people: readonly Person[],
  killAfter: number | null,
): Promise<Outcome[]> {
  const logins = await Promise.all(people.map(({ name }) => bench.challenged(name)));
  let answers = 0;
  const pull = async () => {
    if (answers++ === killAfter) await bench.kill();
  };
  const outcomes = people.map(async (person, i): Promise<Outcome> => {
    const { name, phone } = person;
    const code = phone.code(bench.now);
    const body = { login: logins[i], user: name, method: 'totp', code };
    const reply: Reply | null = await bench.login('answer', body).catch(() => null);
    if (reply) await pull();
    return { person, code, status: reply?.status ?? null };
  });
  if (killAfter === 0) await pull();
  return Promise.all(outcomes);
}

test(`${ROUNDS * PEOPLE} logins, ${KILLED_AFTER.size} power cuts: no code opens twice, none that opened is forgotten`, {
  skip: lacking('sqlite3'),
}, async (t) => {
  const names = Array.from({ length: PEOPLE }, (_, i) => `person${i}`);
  const passwd = names.map((name, i) => `${name}:x:${2000 + i}:1000::/:/bin/sh\n`).join('');
  const bench = await Bench.started(t, { passwd });
  const people: Person[] = [];
  for (const name of names) people.push({ name, phone: await bench.enrolled(name) });
  bench.pass(60);

  let cuts = 0;
  const met = { answered: 0, unanswered: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const killAfter = KILLED_AFTER.get(round) ?? null;
    const outcomes = await everybody(bench, people, killAfter);
    if (killAfter === null) {
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        people.map(() => 200),
      );
    } else {
      cuts++;
      await bench.kill();
      await bench.start();
      for (const { person, code, status } of outcomes) {
        const again = await bench.tries(person.name, code);
        if (status === 200)
          assert.equal(again.body.because, 'used-code', `${code} of ${person.name} opened twice`);
        else assert.ok(again.status === 200 || again.body.because === 'used-code');
        const third = await bench.tries(person.name, code);
        assert.equal(third.body.because, 'used-code');
        met[status === 200 ? 'answered' : 'unanswered']++;
      }
    }
    bench.pass(30);
  }
  assert.equal(cuts, KILLED_AFTER.size);
  assert.ok(
    met.answered >= 20 && met.unanswered >= 20,
    `the cuts fell on both sides: ${JSON.stringify(met)}`,
  );
  t.diagnostic(`${JSON.stringify(met)} by the time of ${cuts} cuts`);
  await bench.stop();
  const database = bench.file('var', 'state.db');
  assert.equal(
    execFileSync('sqlite3', [database, 'PRAGMA integrity_check'], { encoding: 'utf8' }).trim(),
    'ok',
  );
});
