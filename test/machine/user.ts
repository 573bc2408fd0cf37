// Owns the people of a machine: real accounts, with a password and, where they are enrolled, a phone.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Phone } from '../scenarios/phone.ts';
import type { Machine, Ran } from './machine.ts';

export const PASSWORD = 'correct horse';

/** An account of the machine itself. */
export function account(machine: Machine, name: string, ...groups: readonly string[]): void {
  const more = groups.length > 0 ? `-G ${groups.join(',')}` : '';
  machine.ok(`useradd -m -s /bin/bash ${more} ${name} && echo '${name}:${PASSWORD}' | chpasswd`);
}

/** Enrols as root does. The code that it took is the one of the step before now, so that those of now and later count. */
export async function enrolled(machine: Machine, name: string): Promise<Phone> {
  const child = machine.start(`fygo-2fa user enrol ${name} --json`);
  let err = '';
  child.stderr?.on('data', (text: Buffer) => {
    err += text.toString();
  });
  assert.ok(child.stdout);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const offer = await lines.next();
  assert.equal(offer.done, false, err);
  const { secret } = JSON.parse(offer.value ?? '') as { secret: string };
  child.stdin?.end(`${new Phone(secret).code(Date.now() - 30_000)}\n`);
  const done = await lines.next();
  const ended = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  assert.equal(ended[0], 0, `${done.value ?? ''}${err}`);
  const { recoveryCodes = [] } = JSON.parse(done.value ?? '{}') as { recoveryCodes?: string[] };
  return new Phone(secret, recoveryCodes);
}

/** A text that appears, and what is typed then. */
export type Step = readonly [text: string, line: string | null];

/** A person at a terminal of the machine. */
export function atTerminal(machine: Machine, command: string, steps: readonly Step[]): Ran {
  return machine.run(`LANG=C.UTF-8 python3 /opt/test/person.py 40 ${command}`, JSON.stringify(steps));
}
