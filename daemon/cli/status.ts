// Owns `fygo-2fa status`: is everything well, for a person at a glance and for a script by its exit code.

import { Fault } from '../kernel/fault.ts';
import type { Status } from '../wire/admin.ts';
import type { Command, Session } from './command.ts';

const EXIT = { healthy: 0, degraded: 1, down: 2 } as const;
const TONE = { healthy: 'good', degraded: 'warn', down: 'bad' } as const;

export const status: Command = {
  words: ['status'],
  takesName: false,
  flags: {},
  summary: 'Health: exit 0 healthy, 1 degraded, 2 down',
  details: [
    'Healthy: nothing to do. Degraded: people can sign in, but something needs looking at. Down: logins cannot be judged, or the daemon does not answer. All three are printed, with --json as one document; what a daemon that does not answer cannot say is null there.',
  ],
  async run({ admin, say, json, io }) {
    try {
      const { body } = await admin.call('status', {});
      if (json) say.json(body);
      else print(say, body, io.hostname);
      return EXIT[body.state];
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'usage') throw error;
      const { code, message: text, hint } = error;
      if (json) say.json(unanswered(code, text, hint));
      else say.note('bad', `${io.hostname} is down, or cannot be asked. ${text}`, hint);
      return EXIT.down;
    }
  },
};

/** The document of a daemon that does not say how it is. */
function unanswered(code: string, text: string, hint: string) {
  const warnings = [{ code, severity: 'critical', text, hint }];
  return {
    state: 'down',
    line: text,
    version: null,
    clock: null,
    users: null,
    mail: null,
    store: null,
    warnings,
  };
}

function print(say: Session['say'], body: Status, hostname: string): void {
  const { clock, users, mail, store } = body;
  say.note(TONE[body.state], `${hostname} is ${body.state}: ${body.line}`);
  say.line();
  say.pairs([
    [
      'Clock',
      `${clock.state}, ${offset(clock)}${clock.serversAgreeing} of ${clock.servers} time servers agree`,
    ],
    [
      'Users',
      `${users.known} known, ${users.enrolled} enrolled, ${users.required} required, ${users.notReady} not ready`,
    ],
    ['Mail', mailed(mail)],
    ['Store', `${store.writable ? 'writable' : 'read-only'}, schema ${store.schema}`],
    ['Version', body.version],
  ]);
  for (const warning of body.warnings) {
    say.line();
    say.note(warning.severity === 'critical' ? 'bad' : 'warn', warning.text, warning.hint);
  }
}

function offset({ offsetSeconds, boundSeconds }: Status['clock']): string {
  if (offsetSeconds === null) return '';
  const bound = boundSeconds === null ? '' : ` ± ${boundSeconds.toFixed(2)} s`;
  return `${offsetSeconds.toFixed(2)} s off${bound}, `;
}

function mailed({ configured, working, queued }: Status['mail']): string {
  if (!configured) return 'not set up';
  return `${working ? 'working' : 'not working'}, ${queued === 0 ? 'nothing' : queued} waiting`;
}
