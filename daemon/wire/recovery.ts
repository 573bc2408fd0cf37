// Owns the shapes of getting back in: a Security Email, what is shown of it, and recovery codes as a text to keep.

import * as v from 'valibot';
import { line } from './shapes.ts';

/** Judged later, so that the person is told what is wrong with it; here only bounded. */
export const securityEmailBody = v.strictObject({
  address: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  locale: v.optional(line(35)),
});

/** Addresses are shown masked. */
export const securityEmailShown = v.object({
  address: v.nullable(v.string()),
  confirmed: v.boolean(),
  pending: v.nullable(v.string()),
});

export const recoveryCodesReply = v.object({
  recoveryCodes: v.array(v.string()),
  /** The same as a text to print or to keep, as long as it is not kept beside the password. */
  text: v.string(),
});
