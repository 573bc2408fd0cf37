// Owns the floods of the bench: what a login takes while somebody else, or its own user, floods the socket.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Flood } from '../test/scenarios/flooder.ts';
import { makeState, memoryOf, type Seeded, seededUsers, startDaemon, WARM_UP, warmUp } from './board.ts';
import { Client, logIn } from './client.ts';

const FLOODER = join(import.meta.dirname, '..', 'test', 'scenarios', 'flooder.ts');
/** The daemon's user, who may use its socket besides root; logins come from root, as from sshd. */
const OTHER = 2_000;
const LOGINS = 200;
const A_MINUTE = 100_000;

export const FLOODS: readonly (readonly [what: Flood, size: number, uid: number])[] = [
  ['idle', 5_000, OTHER],
  ['idle', 500, 0],
  ['half', 5_000, OTHER],
  ['slow', 500, OTHER],
  ['answers', 32, OTHER],
];

export interface Flooded {
  readonly name: string;
  /** Milliseconds of each login, on a connection of its own. */
  readonly took: readonly number[];
  /** Anonymous memory of the daemon right after, MiB. */
  readonly memory: number;
  /** What the flood came to in a second. */
  readonly rate: { readonly connects: number; readonly replies: number };
}

async function logins(path: string, users: readonly Seeded[]): Promise<number[]> {
  const took: number[] = [];
  for (const user of users) {
    const began = performance.now();
    const client = await opened(path);
    await logIn(client, user);
    client.close();
    took.push(performance.now() - began);
  }
  return took;
}

/** Connects; where the kernel's queue is full, again. */
async function opened(path: string): Promise<Client> {
  for (;;) {
    const client = await Client.open(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EAGAIN') throw error;
    });
    if (client) return client;
  }
}

/** Logins without a flood, then amid each. Needs root, to flood as another user. @throws when one is not let in */
export async function* floods(folder: string): AsyncGenerator<Flooded> {
  const warming = seededUsers(WARM_UP, 'warm');
  const flooded = seededUsers(1, 'flooded');
  const rounds = [null, ...FLOODS].map((_, i) => seededUsers(LOGINS, `round${i}x`));
  await makeState(folder, [...flooded, ...warming, ...rounds.flat()]);
  execFileSync('chown', ['-R', `${OTHER}:${OTHER}`, folder]);
  const daemon = await startDaemon(folder, 'scripts/fygo-2fa', OTHER);
  try {
    await warmUp(daemon, warming);
    for (const [i, flood] of [null, ...FLOODS].entries()) {
      const end = flood && (await begun(daemon.login, flood));
      const at = performance.now();
      const took = await logins(daemon.login, rounds[i] ?? []);
      const seconds = (performance.now() - at) / 1_000;
      const memory = memoryOf(daemon.pid, 'Anonymous');
      const seen = (await end?.()) ?? { connects: 0, replies: 0 };
      const rate = { connects: seen.connects / seconds, replies: seen.replies / seconds };
      yield { name: nameOf(flood), took, memory, rate };
    }
  } finally {
    await daemon.stop();
  }
}

function nameOf(flood: (typeof FLOODS)[number] | null): string {
  if (!flood) return 'no flood';
  const [what, size, uid] = flood;
  return `${size.toLocaleString('en-GB')} × ${what}, ${uid === 0 ? 'as the login' : 'as another user'}`;
}

async function begun(path: string, [what, size, uid]: (typeof FLOODS)[number]) {
  const child = spawn(process.execPath, [FLOODER, path, what, String(size), 'flooded0', String(A_MINUTE)], {
    uid,
    gid: uid,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  await once(lines, 'line');
  return async (): Promise<{ connects: number; replies: number }> => {
    const line = once(lines, 'line');
    child.stdin.end();
    const [text] = await line;
    await once(child, 'close');
    return JSON.parse(text);
  };
}
