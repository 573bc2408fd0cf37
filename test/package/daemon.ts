// Owns what the tests ask of the daemon on a machine: somebody enrolled, how many are, does it serve?

import assert from 'node:assert/strict';
import { Phone } from '../scenarios/phone.ts';
import type { Machine } from './machine.ts';

export async function enrolled(machine: Machine, user: string): Promise<void> {
  await machine.does(`useradd --create-home ${user}`);
  const said = await machine.does(`fygo-2fa user enrol ${user} --json`, (line) => {
    const { secret } = JSON.parse(line);
    return `${new Phone(secret).code(Date.now())}\n`;
  });
  assert.match(said, /"outcome": ?"enrolled"/);
}

export async function counts(
  machine: Machine,
): Promise<{ enrolled: number; state: string; version: string }> {
  const { out } = await machine.run('fygo-2fa status --json');
  const { users, state, version } = JSON.parse(out);
  return { enrolled: users.enrolled, state, version };
}

export async function active(machine: Machine): Promise<string> {
  return (await machine.run('systemctl is-active fygo-2fa.service fygo-2fa-login.socket')).out.trim();
}
