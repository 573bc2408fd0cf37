// Owns the errors that the daemon names: each has a stable code, a sentence for the person, and a way on.

/**
 * Every code an error of an exchange, of the store or of the configuration can carry. Outcomes of a login
 * (a wrong code, a wait) are data, not faults.
 */
export const FAULTS = [
  'malformed-json',
  'malformed-request',
  'malformed-code',
  'malformed-address',
  'mailed-code-refused',
  'mail-not-sent',
  'mail-not-set-up',
  'mail-changed',
  'mail-setting-refused',
  'mail-not-authorisable',
  'mail-provider-failed',
  'unsupported-media-type',
  'body-too-large',
  'headers-too-large',
  'request-too-slow',
  'not-found',
  'method-not-allowed',
  'peer-not-allowed',
  'no-identity',
  'cross-site',
  'not-an-administrator',
  'root-only',
  'step-up-required',
  'unknown-login',
  'unknown-user',
  'unknown-device',
  'identity-changed',
  'already-enrolled',
  'not-enrolled',
  'no-enrolment',
  'enrolment-refused',
  'policy-changed',
  'policy-would-strand',
  'policy-names-unknown',
  'factor-mandatory',
  'too-many-logins',
  'overloaded',
  'store-unavailable',
  'store-full',
  'store-read-only',
  'state-lost',
  'schema-too-new',
  'key-missing',
  'roster-invalid',
  'directory-unavailable',
  'clock-no-quorum',
  'clock-not-set',
  'backup-invalid',
  'backup-too-new',
  'backup-locked',
  'backup-refused',
  'config-invalid',
  'already-running',
  'daemon-unreachable',
  'cancelled',
  'usage',
  'internal',
] as const;

export type FaultCode = (typeof FAULTS)[number];

/** An error with a stable code. `message` says what happened and what it means, `hint` what to do next. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly hint: string;

  constructor(code: FaultCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Fault';
    this.code = code;
    this.hint = hint;
  }
}
