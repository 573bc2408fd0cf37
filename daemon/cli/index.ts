// Owns the command line as a whole: from the words that were typed to an exit code.

import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Fault } from '../kernel/fault.ts';
import { audit } from './audit.ts';
import { backup } from './backup.ts';
import { adminClient } from './client.ts';
import { clockAutoOff, clockAutoOn } from './clock-auto.ts';
import { clockCheck } from './clock-check.ts';
import { clockSet } from './clock-set.ts';
import { clockShow } from './clock-show.ts';
import type { Command, Page, Session } from './command.ts';
import { doctor } from './doctor.ts';
import { explain, overview } from './help.ts';
import type { Io } from './io.ts';
import { keyRotate } from './key-rotate.ts';
import { mailAuthorise } from './mail-authorise.ts';
import { mailSet } from './mail-set.ts';
import { mailShow } from './mail-show.ts';
import { mailTest } from './mail-test.ts';
import { openapi } from './openapi.ts';
import { type Parsed, parse, skim } from './parse.ts';
import { policySet } from './policy-set.ts';
import { policyShow } from './policy-show.ts';
import { restore } from './restore.ts';
import { type Say, sayTo } from './say.ts';
import { serve } from './serve.ts';
import { status } from './status.ts';
import { userDevices } from './user-devices.ts';
import { userEnrol } from './user-enrol.ts';
import { userList } from './user-list.ts';
import { userPass } from './user-pass.ts';
import { userRecoveryCodes } from './user-recovery-codes.ts';
import { userReset } from './user-reset.ts';
import { userSecurityEmail } from './user-security-email.ts';
import { userShow } from './user-show.ts';
import { version } from './version.ts';

export type { Io } from './io.ts';

const COMMANDS: readonly Command[] = [
  status,
  doctor,
  userList,
  userShow,
  userEnrol,
  userReset,
  userPass,
  userDevices,
  userRecoveryCodes,
  userSecurityEmail,
  policyShow,
  policySet,
  mailShow,
  mailSet,
  mailTest,
  mailAuthorise,
  clockShow,
  clockCheck,
  clockSet,
  clockAutoOn,
  clockAutoOff,
  audit,
  backup,
  restore,
  keyRotate,
  openapi,
  version,
];
/** What the help knows; the manual and the completion are written from it. */
export const PAGES: readonly Page[] = [serve, ...COMMANDS];

/** sysexits(3): EX_USAGE. */
const USAGE = 64;

/**
 * Runs one command (every one but `serve`) against the daemon, or two against a board whose daemon is stopped.
 * @param argv what was typed after the program's name
 * @returns the exit code: 0 done, 1 failed, 64 not understood; of `status` also 1 degraded and 2 down
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  io.stdout.on('error', untilReaderLeft);
  const say = sayTo(io);
  const { words, values } = skim(argv, PAGES);
  try {
    const asked = words[0] === 'help' ? words.slice(1) : values.help === true ? words : undefined;
    if (asked !== undefined) return help(say, asked);
    return await withSession(parse(argv, COMMANDS), io, say, (page, session) => page.run(session));
  } catch (error) {
    const fault = error instanceof Fault ? error : unexpected(error);
    say.fault(fault, values.json === true);
    return fault.code === 'usage' ? USAGE : 1;
  }
}

function help(say: Say, words: readonly string[]): number {
  const page = PAGES.find((one) => one.words.every((word, i) => words[i] === word));
  const [group] = words;
  if (page) explain(say, page);
  else if (group === undefined) overview(say, PAGES);
  else if (words.length === 1 && PAGES.some((one) => one.words[0] === group)) overview(say, PAGES, group);
  else parse(words, COMMANDS);
  return 0;
}

async function withSession(
  { page, name, operand, values }: Parsed<Command>,
  io: Io,
  say: Say,
  work: (page: Command, session: Session) => Promise<number>,
): Promise<number> {
  const root = typeof values.root === 'string' ? values.root : undefined;
  const admin = adminClient(
    root === undefined
      ? {
          socketPath: '/run/fygo-2fa/admin.sock',
          startHint: 'See why: systemctl status fygo-2fa',
        }
      : {
          socketPath: join(root, 'run', 'admin.sock'),
          startHint: `Start it: fygo-2fa serve --root ${root}`,
        },
  );
  let typed: Interface | undefined;
  let lines: AsyncIterator<string> | undefined;
  try {
    return await work(page, {
      io,
      say,
      admin,
      json: values.json === true,
      root,
      name,
      operand,
      value: (flag) => (typeof values[flag] === 'string' ? values[flag] : undefined),
      values: (flag) => [values[flag] ?? []].flat().filter((one) => typeof one === 'string'),
      given: (flag) => values[flag] === true,
      async ask(question, hidden = false) {
        say.prompt(question);
        if (hidden && io.tty.stdin) return unseen(io, say);
        typed ??= createInterface({ input: io.stdin });
        lines ??= typed[Symbol.asyncIterator]();
        const next = await lines.next();
        if (!next.done) return next.value;
        say.unanswered();
        return undefined;
      },
    });
  } finally {
    typed?.close();
  }
}

/** A line typed at a terminal that is not shown: the terminal is told not to, and what readline draws goes nowhere. */
async function unseen(io: Io, say: Say): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const typed = createInterface({ input: io.stdin, output: nowhere, terminal: true });
  try {
    const next = await typed[Symbol.asyncIterator]().next();
    return next.done ? undefined : next.value;
  } finally {
    typed.close();
    say.unanswered();
  }
}

/** Whoever read the output has left (`fygo-2fa audit | head`): nothing is wrong, and nobody is there to be told. */
function untilReaderLeft(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** The text of an unforeseen error may hold what must not be shown: only its kind is named. */
function unexpected(error: unknown): Fault {
  const kind = error instanceof Error ? error.name : typeof error;
  return new Fault(
    'internal',
    `This program failed in a way nobody foresaw (${kind}). What was asked may have happened.`,
    'See the state of things with "fygo-2fa status", and report this with the command that was typed.',
    error,
  );
}
