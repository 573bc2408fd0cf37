// Owns coming to a socket as another user, for the tests of peers and limits.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';

export const NOBODY = 65_534;

/** Why a test that needs another user cannot run; `false` where it can. */
export const needsRoot = process.getuid?.() === 0 ? false : 'only root can run a process as another user';

/** Runs a module of this folder as another user. `groups` are supplementary. */
export function asUser(
  t: TestContext,
  who: { readonly uid: number; readonly gid?: number; readonly groups?: readonly number[] },
  module: string,
  ...args: string[]
): ChildProcess & { stdout: NonNullable<ChildProcess['stdout']>; stdin: NonNullable<ChildProcess['stdin']> } {
  const groups = who.groups === undefined ? ['--clear-groups'] : ['--groups', who.groups.join(',')];
  const child = spawn(
    'setpriv',
    [
      ...['--reuid', String(who.uid), '--regid', String(who.gid ?? who.uid), ...groups],
      ...[process.execPath, join(import.meta.dirname, module), ...args],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  t.after(() => child.kill('SIGKILL'));
  assert.ok(child.stdout && child.stdin);
  return child as ReturnType<typeof asUser>;
}

/** Asks once, as another user. @returns `answer STATUS` or `error CODE`. */
export async function visit(
  t: TestContext,
  path: string,
  who: { readonly uid: number; readonly gid?: number; readonly groups?: readonly number[] },
  payload = '',
): Promise<string> {
  const child = asUser(t, who, 'visitor.ts', path, 'request', payload);
  const [line] = await once(createInterface(child.stdout), 'line');
  return line;
}

/**
 * Another user's connections, each of which has sent `payload`. Resolves when all are made.
 * @returns what waits until so many of them were closed in all.
 */
export async function crowd(
  t: TestContext,
  path: string,
  uid: number,
  size: number,
  payload = '',
): Promise<(closed: number) => Promise<void>> {
  const child = asUser(t, { uid }, 'visitor.ts', path, String(size), payload);
  const lines = createInterface(child.stdout);
  let gone = 0;
  const watchers = new Set<() => void>();
  lines.on('line', (line) => {
    if (line === 'closed') gone += 1;
    for (const look of watchers) look();
  });
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => line === 'open' && resolve());
  });
  return (closed) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (gone >= closed) resolve();
      };
      watchers.add(look);
      look();
    });
}
