// Owns `fygo-2fa audit`: what was decided, newest first.

import { Fault } from '../kernel/fault.ts';
import type { AuditDocument } from '../wire/admin.ts';
import type { Answer } from './client.ts';
import type { Command, Session } from './command.ts';
import { shownToTheSecond, since } from './moments.ts';

/** Rows asked for at once, and what a person is shown unless told otherwise. */
const PAGE = 200;
const SHOWN = 50;

export const audit: Command = {
  words: ['audit'],
  takesName: false,
  flags: {
    user: { value: 'NAME', help: 'Only this user' },
    since: { value: 'WHEN', help: 'A date, a moment in RFC 3339, or a time back from now: 30m, 12h, 3d, 2w' },
    limit: { value: 'N', help: `At most so many rows (${SHOWN}; with --jsonl all)` },
    jsonl: { help: 'One JSON document a row, as they come' },
  },
  summary: 'What was decided, newest first',
  details: [],
  async run(session) {
    const { say, json, given } = session;
    const most = limitOf(session.value('limit')) ?? (given('jsonl') ? Number.POSITIVE_INFINITY : SHOWN);
    const pages = read(session, most);
    if (given('jsonl')) {
      for await (const { rows } of pages) for (const row of rows) say.json(row);
      return 0;
    }
    const rows: AuditDocument[] = [];
    let next: number | null = null;
    for await (const page of pages) {
      rows.push(...page.rows);
      next = page.next;
    }
    if (json) say.json({ rows, next });
    else print(say, rows, next);
    return 0;
  },
};

/** Page by page until there is nothing more or enough; `next` is where it would go on. */
async function* read({ admin, io, value }: Session, most: number) {
  const user = value('user');
  const from = value('since');
  const filter = {
    ...(user !== undefined && { user }),
    ...(from !== undefined && { since: since(from, io.now()) }),
  };
  let before: number | null = null;
  let left = most;
  do {
    const { body }: Answer<'audit'> = await admin.call('audit', {
      query: {
        ...filter,
        limit: String(Math.min(PAGE, left)),
        ...(before !== null && { before: String(before) }),
      },
    });
    yield body;
    left -= body.rows.length;
    // Numbers fall from page to page; where they do not, it would never end.
    before = body.next !== null && (before === null || body.next < before) ? body.next : null;
  } while (before !== null && left > 0);
}

function print(say: Session['say'], rows: readonly AuditDocument[], next: number | null): void {
  if (rows.length === 0) {
    say.line('Nothing was decided in that time.');
    return;
  }
  say.table(
    [
      ['TIME (UTC)', 'USER', 'SERVICE', 'FROM', 'OUTCOME'],
      ...rows.map((row) => [
        shownToTheSecond(row.time),
        row.user,
        row.service ?? '',
        row.address ?? '',
        outcomeOf(row),
      ]),
    ],
    [1, 3, 4],
  );
  if (next !== null) {
    say.line();
    say.note('plain', 'There are older rows.', `See more: fygo-2fa audit --limit ${rows.length * 4}`);
  }
}

function outcomeOf({ outcome, because, actor }: AuditDocument): string {
  const what = because === null ? outcome : `${outcome}: ${because}`;
  return actor === undefined ? what : `${what} (by ${actor})`;
}

function limitOf(typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(typed)) return Number(typed);
  throw new Fault('usage', `"${typed}" is not a number of rows.`, 'Use --limit 1 or more.');
}
