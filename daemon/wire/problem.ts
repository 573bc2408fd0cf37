// Owns the error document of every socket: RFC 9457, with a stable code and a hint.

import * as v from 'valibot';

export const problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.optional(v.string()),
  code: v.string(),
  hint: v.optional(v.string()),
});

export type Problem = v.InferOutput<typeof problem>;
