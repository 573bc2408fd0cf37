// Owns `fygo-2fa policy set`: a change to what was read, never over somebody else's, and the look at it before.

import { Fault } from '../kernel/fault.ts';
import { instant, toRfc3339 } from '../kernel/instant.ts';
import { type PreviewDocument, SCOPES } from '../wire/admin.ts';
import type { Command, Session } from './command.ts';
import { shown } from './moments.ts';
import { inWords } from './policy-show.ts';

const MOST_GRACE_DAYS = 365;

export const policySet: Command = {
  words: ['policy', 'set'],
  takesName: false,
  flags: {
    scope: { value: SCOPES.join('|'), required: true, help: 'Who has to use two-factor' },
    user: { value: 'NAME', many: true, help: 'With specific: this user (may be given several times)' },
    group: { value: 'NAME', many: true, help: 'With specific: everybody in this group (several times)' },
    except: { value: 'NAME', many: true, help: 'Not this user (several times)' },
    'except-group': { value: 'NAME', many: true, help: 'Nobody in this group (several times)' },
    grace: {
      value: 'DAYS',
      help: 'How long who has not enrolled may wait with it (0 to 365); as it was, if not given',
    },
    from: {
      value: 'WHEN',
      help: 'A date or a moment in RFC 3339 from which it counts; at once, if not given',
    },
    preview: { help: 'Only show whom it would mean; change nothing' },
    force: { help: 'Even if an administrator would have to enrol within the next login' },
  },
  summary: 'Change who has to use two-factor, or preview the change',
  details: [
    'The change is refused if somebody else changed the policy in the same moment. Who has to enrol and has not does so at the next login, or within the grace.',
    'What is given replaces the policy as a whole, and one that was to come.',
  ],
  async run({ admin, say, json, value, values, given }) {
    const scope = scopeOf(value('scope') ?? '');
    const grace = graceOf(value('grace'));
    const from = momentOf(value('from'));
    const before = await admin.call('policy', {});
    const wanted = {
      scope,
      users: [...values('user')],
      groups: [...values('group')],
      exceptUsers: [...values('except')],
      exceptGroups: [...values('except-group')],
      graceDays: grace ?? before.body.graceDays,
      ...(from !== undefined && { from }),
    };
    if (given('preview')) {
      const { body } = await admin.call('previewPolicy', { body: wanted });
      if (json) say.json(body);
      else printPreview(say, body);
      return 0;
    }
    const { body } = await admin.call('setPolicy', {
      body: { ...wanted, force: given('force') },
      ...(before.etag !== undefined && { ifMatch: before.etag }),
    });
    if (json) say.json(body);
    else say.note('good', inWords(body));
    return 0;
  },
};

const STATES = {
  enrolled: 'enrolled',
  'not-enrolled': 'not enrolled',
  'state-lost': 'STATE LOST',
  'identity-changed': 'IDENTITY CHANGED',
} as const;

function printPreview(say: Session['say'], { users, counts, stuck, from, complete }: PreviewDocument): void {
  say.paragraph(
    `In scope${from === null ? '' : ` from ${shown(from)} on`}: ${counts.inScope}; enrolled ${counts.enrolled}, not enrolled ${counts.notEnrolled}, without a Security Email ${counts.withoutSecurityEmail}. Exempt: ${counts.exempt}.`,
  );
  if (users.length > 0) {
    say.line();
    say.table(
      [
        ['USER', 'ROLE', 'TWO-FACTOR', 'CODES', 'MAY ENROL UNTIL (UTC)'],
        ...users.map((user) => [
          user.name,
          user.administrator ? 'administrator' : 'standard',
          STATES[user.state],
          user.state === 'enrolled' ? String(user.recoveryCodes) : '',
          user.state !== 'not-enrolled'
            ? ''
            : user.graceUntil === null
              ? 'next login'
              : shown(user.graceUntil),
        ]),
      ],
      [0],
    );
  }
  if (!complete) {
    say.line();
    say.note('warn', 'The user directory did not answer in full: there may be more users in scope.');
  }
  if (stuck.length > 0) {
    say.line();
    say.note(
      'warn',
      `Administrators who would have to enrol within their next login: ${stuck.join(', ')}. Where that login cannot show a secret, they are locked out.`,
      'Enrol them first, give days of grace or a later start; or set it with --force.',
    );
  }
  say.line();
  say.note('plain', 'Nothing was changed.');
}

function scopeOf(typed: string): (typeof SCOPES)[number] {
  const scope = SCOPES.find((one) => one === typed);
  if (scope === undefined)
    throw new Fault('usage', `"${typed}" is not a scope.`, `Use --scope ${SCOPES.join(' or --scope ')}.`);
  return scope;
}

function graceOf(typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  if (/^\d{1,3}$/.test(typed) && Number(typed) <= MOST_GRACE_DAYS) return Number(typed);
  throw new Fault(
    'usage',
    `"${typed}" is not a number of days.`,
    `Use --grace 0 to --grace ${MOST_GRACE_DAYS}.`,
  );
}

/** A date is its first moment in UTC. */
function momentOf(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined;
  const date = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.exec(typed);
  const at = date ? Date.parse(typed) : Number.NaN;
  const day = date?.[1] ?? '';
  if (Number.isFinite(at) && toRfc3339(instant(Date.parse(day))).startsWith(day))
    return toRfc3339(instant(at));
  throw new Fault(
    'usage',
    `"${typed}" is neither a date nor a moment.`,
    'Use --from 2026-12-24, or --from 2026-12-24T08:00:00Z.',
  );
}
