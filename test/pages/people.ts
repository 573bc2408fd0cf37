// Owns who is there in the page tests: each test takes people of its own, so that they may share a daemon.

import { writeFileSync } from 'node:fs';
import type { Person } from '../../scripts/preview/gateway.ts';
import type { Bench } from '../scenarios/bench.ts';

/** A name that a system allows and a page must not believe. */
export const MARKUP = '<img src=x onerror=alert(1)>';

const ADMINISTRATORS = ['alice', 'ada', 'agnes', 'amir'];
const USERS = ['bob', 'ben', 'bea', 'bo', 'bill', 'boris', 'bruno', 'bella', MARKUP];
const PASSWORDS: Readonly<Record<string, string>> = { alice: 'wonderland', bob: 'builder' };

export class People {
  readonly all: readonly Person[];
  readonly #free: Person[];

  constructor() {
    const person = (administrator: boolean) => (name: string) => ({
      name,
      password: PASSWORDS[name] ?? 'open sesame',
      administrator,
    });
    this.all = [...ADMINISTRATORS.map(person(true)), ...USERS.map(person(false))];
    this.#free = [...this.all];
  }

  /** Somebody who was not there yet; `name` where the test is about that. */
  take(kind: 'administrator' | 'user', name?: string): string {
    const at = this.#free.findIndex(
      (one) => one.administrator === (kind === 'administrator') && (name === undefined || one.name === name),
    );
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    if (!found) throw new Error(`nobody of kind ${kind} is left`);
    return found.name;
  }

  password(name: string): string {
    return this.all.find((one) => one.name === name)?.password ?? '';
  }

  /** Makes them known to the board. */
  settle(bench: Bench): void {
    const known = new Set(['alice', 'bob']);
    const lines = this.all
      .filter(({ name }) => !known.has(name))
      .map(({ name }, n) => `${name}:x:${2000 + n}:3000::/home/${n}:/bin/sh\n`);
    bench.people(lines.join(''));
    const group = `root:x:0:\nusers:x:1000:\nothers:x:3000:\nsudo:x:27:${ADMINISTRATORS.join(',')}\n`;
    writeFileSync(bench.file('etc', 'group'), group);
  }
}
