// Owns what the page knows of an open login, and how it learns that it is over.

import type { DeviceEnding } from '../../wire/devices.ts';
import type { Form, Method } from '../../wire/login.ts';

/** What the daemon says of an open login. */
export type Face =
  | {
      readonly outcome: 'challenge';
      readonly methods: readonly Method[];
      readonly form: Form;
      readonly securityEmail: string | null;
      readonly retryAfter: number;
      readonly expires: string;
      readonly trustEnded?: DeviceEnding;
      readonly trustEndedAt?: string;
    }
  | { readonly outcome: 'enrol'; readonly expires: string };

export type Over = 'expired' | 'changed' | 'answered';

/** Why a login is over, where a reply says so. */
export function overBy(reply: { readonly status: number; readonly body: object }): Over | null {
  const { code, because } = reply.body as { code?: string; because?: string };
  if (reply.status === 404 && code === 'unknown-login') return 'expired';
  return because === 'login-changed' ? 'changed' : null;
}
