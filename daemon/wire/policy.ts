// Owns the shapes of a policy: what is in force, what is wanted, and the look at it before it bites.

import * as v from 'valibot';
import { count, line, time, userName } from './shapes.ts';

export const SCOPES = ['none', 'administrators', 'all', 'specific'] as const;

/** A group's name; directories have some with spaces. */
const groupName = v.pipe(
  line(256),
  v.check((name) => !name.startsWith('-') && !name.includes(':'), 'must be the name of a group'),
);

const MOST_NAMES = 256;
const users = v.pipe(v.array(userName), v.maxLength(MOST_NAMES));
const groups = v.pipe(v.array(groupName), v.maxLength(MOST_NAMES));

const scope = v.picklist(SCOPES);
const graceDays = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(365));

const rule = { scope, users, groups, exceptUsers: users, exceptGroups: groups, graceDays };

/** The policy in force, and the one that is to come. */
export const policy = v.object({
  ...rule,
  next: v.nullable(v.object({ ...rule, from: time })),
});

const wanted = {
  scope,
  graceDays,
  users: v.optional(users, []),
  groups: v.optional(groups, []),
  exceptUsers: v.optional(users, []),
  exceptGroups: v.optional(groups, []),
  from: v.optional(time),
};

/** The scope `specific` names somebody, and no other does. */
function fits(scope: string, ...names: readonly (readonly string[])[]): boolean {
  return (scope === 'specific') === names.some((list) => list.length > 0);
}

const NAMES = 'must name users or groups with the scope "specific", and with no other';

export const policyBody = v.pipe(
  v.strictObject(wanted),
  v.check(({ scope, users, groups }) => fits(scope, users, groups), NAMES),
);

export const setPolicyBody = v.pipe(
  v.strictObject({ ...wanted, force: v.optional(v.boolean(), false) }),
  v.check(({ scope, users, groups }) => fits(scope, users, groups), NAMES),
);

/** `stuck`: administrators who would have to enrol within their next login. */
export const preview = v.object({
  from: v.nullable(time),
  /** False where the user directory did not list everybody or did not say somebody's groups. */
  complete: v.boolean(),
  users: v.array(
    v.object({
      name: v.string(),
      administrator: v.boolean(),
      state: v.picklist(['enrolled', 'not-enrolled', 'state-lost', 'identity-changed']),
      recoveryCodes: count,
      securityEmail: v.boolean(),
      graceUntil: v.nullable(time),
    }),
  ),
  counts: v.object({
    inScope: count,
    enrolled: count,
    notEnrolled: count,
    withoutSecurityEmail: count,
    exempt: count,
  }),
  stuck: v.array(v.string()),
});

export type PolicyDocument = v.InferOutput<typeof policy>;
export type PolicyWanted = v.InferOutput<typeof policyBody>;
export type PreviewDocument = v.InferOutput<typeof preview>;
