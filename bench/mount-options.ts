// Owns `npm run bench:mount`: what mount options of the data partition cost in bytes to the device, side by side, while people log in.

import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endTimeServers, makeState, seededUsers, startDaemon } from './board.ts';
import { Client, logIn } from './client.ts';
import { onDevice } from './device.ts';

const OPTIONS = [
  'relatime,commit=5',
  'noatime,commit=5',
  'noatime,commit=15',
  'noatime,commit=30',
  'noatime,commit=60',
];
const SECONDS = 300;
/** A login every so many seconds. */
const GAP = 10;
const LINE = `${'a line of the system log, as long as one is on average'.padEnd(119, '.')}\n`;

/** Logins, and each second a line of a log and a file that is read, as a board in use has them; gives back the bytes written. */
async function load(mount: string, written: () => number): Promise<number> {
  const root = join(mount, 'root');
  const users = seededUsers(SECONDS / GAP);
  await makeState(root, users);
  const read = join(mount, 'read');
  mkdirSync(read);
  for (let file = 0; file < 60; file++) writeFileSync(join(read, String(file)), 'x');
  const daemon = await startDaemon(root);
  const client = await Client.open(daemon.login);
  try {
    const before = written();
    for (let second = 0; second < SECONDS; second++) {
      const user = users[second / GAP];
      if (user !== undefined) await logIn(client, user);
      appendFileSync(join(mount, 'log'), LINE);
      readFileSync(join(read, String(second % 60)));
      await pause(1_000);
    }
    return written() - before;
  } finally {
    client.close();
    await daemon.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'fygo-mount-'));
try {
  const figures = await Promise.all(
    OPTIONS.map((options, index) => {
      const place = join(folder, String(index));
      mkdirSync(place);
      return onDevice(place, load, options);
    }),
  );
  for (const [index, bytes] of figures.entries()) {
    process.stdout.write(`${OPTIONS[index]}: ${Math.round(bytes / 1024)} KiB\n`);
  }
} finally {
  endTimeServers();
  rmSync(folder, { recursive: true, force: true });
}
