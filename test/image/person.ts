// Owns a person with an account, a password and a phone on a machine that was booted.

import assert from 'node:assert/strict';
import { Phone } from '../scenarios/phone.ts';
import type { Step } from '../scenarios/ssh-server.ts';
import type { Machine } from './machine.ts';

/** Who asks for one code, in the state where recovery codes are left. */
export const CODE = 'type a recovery code): ';
export const TWO_CODES = 'two one-time passwords: ';
export const THREE_CODES = 'three one-time passwords: ';

const STEP = 30_000;

/** Only ever a password of a machine that is thrown away. */
const PASSWORD = 'correct horse battery';

export interface Person {
  readonly name: string;
  readonly uid: number;
  readonly phone: Phone;
  /** When the phone is looked at again, in ms since 1970: a code that was typed is of no use any more. */
  nextLook: number;
}

export async function addAccount(machine: Machine, name: string, uid: number): Promise<void> {
  await machine.root(
    `useradd --create-home --shell /bin/bash --uid ${uid} ${name} && echo ${name}:'${PASSWORD}' | chpasswd`,
  );
}

/** Makes the account, and enrols it as root does. */
export async function enrol(machine: Machine, name: string, uid: number): Promise<Person> {
  await addAccount(machine, name, uid);
  const said = await machine.root(`fygo-2fa user enrol ${name} --json`, (line) => {
    const { secret } = JSON.parse(line) as { secret: string };
    return new Phone(secret).code(Date.now());
  });
  const [offer = '', outcome = ''] = said.split('\n');
  assert.equal(JSON.parse(outcome).outcome, 'enrolled', said);
  return {
    name,
    uid,
    phone: new Phone(JSON.parse(offer).secret, JSON.parse(outcome).recoveryCodes),
    nextLook: stepAfter(Date.now()),
  };
}

/** The beginning of the step after a moment, both in ms since 1970. */
export function stepAfter(moment: number): number {
  return (Math.floor(moment / STEP) + 1) * STEP;
}

/**
 * Logs in through SSH; a step's line may hold {code}, which was never typed before. Not {next}: the machine's clock may be a
 * second behind, and then that is two steps ahead.
 */
export async function comesIn(machine: Machine, person: Person, ...steps: readonly Step[]): Promise<void> {
  const { output } = await tries(machine, person, ...steps);
  assert.match(output, /came in/, machine.tail());
  person.nextLook = stepAfter(Date.now());
}

export async function tries(machine: Machine, person: Person, ...steps: readonly Step[]) {
  return machine.login(person.name, PASSWORD, steps, person.phone.secret, person.nextLook);
}
