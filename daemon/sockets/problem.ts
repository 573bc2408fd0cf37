// Owns how an error looks on a socket: the status and the RFC 9457 document of every fault code.

import { Fault, type FaultCode } from '../kernel/fault.ts';
import type { Problem } from '../wire/problem.ts';

/** An error is never a 2xx, and the type says so. */
type ErrorStatus = 400 | 403 | 404 | 405 | 408 | 409 | 412 | 413 | 415 | 431 | 500 | 503;

const KINDS: Readonly<Record<FaultCode, readonly [ErrorStatus, title: string]>> = {
  'malformed-json': [400, 'The body is not JSON'],
  'malformed-request': [400, 'The request does not have the expected shape'],
  'malformed-code': [400, 'The code does not have the expected shape'],
  'malformed-address': [400, 'The address does not have the expected shape'],
  'mailed-code-refused': [409, 'The mailed code is refused'],
  'mail-not-set-up': [409, 'No mail server is set up'],
  'mail-changed': [412, 'The mail settings have changed since they were read'],
  'mail-setting-refused': [409, 'The mail settings are refused'],
  'mail-not-authorisable': [409, 'There is nothing to authorise'],
  'mail-provider-failed': [503, 'The mail provider gave no authorisation'],
  'mail-not-sent': [503, 'No mail was sent'],
  'unsupported-media-type': [415, 'The body is not of a supported type'],
  'body-too-large': [413, 'The body is too large'],
  'headers-too-large': [431, 'The headers are too large'],
  'request-too-slow': [408, 'The request took too long to arrive'],
  'not-found': [404, 'There is nothing at this path'],
  'method-not-allowed': [405, 'This path does not take this method'],
  'peer-not-allowed': [403, 'This process may not use this socket'],
  'no-identity': [403, 'Nobody is signed in'],
  'cross-site': [403, 'The request comes from another site'],
  'not-an-administrator': [403, 'Only administrators may do this'],
  'root-only': [403, 'Only root may do this'],
  'step-up-required': [403, 'A fresh second step is needed'],
  'unknown-login': [404, 'There is no such login'],
  'unknown-user': [404, 'There is no such user'],
  'unknown-device': [404, 'There is no such device'],
  'identity-changed': [409, 'The name belongs to another user now'],
  'already-enrolled': [409, 'The user is enrolled already'],
  'not-enrolled': [409, 'The user is not enrolled'],
  'no-enrolment': [409, 'There is no enrolment to confirm'],
  'enrolment-refused': [409, 'The enrolment is refused'],
  'policy-changed': [412, 'The policy has changed since it was read'],
  'policy-would-strand': [409, 'The policy would lock somebody out'],
  'policy-names-unknown': [409, 'The policy names somebody who does not exist'],
  'factor-mandatory': [409, 'Two-factor is mandatory'],
  'too-many-logins': [503, 'Too many logins are open'],
  overloaded: [503, 'The daemon is overloaded'],
  'store-unavailable': [503, 'The store is not available'],
  'store-full': [503, 'The medium of the store is full'],
  'store-read-only': [503, 'The medium of the store takes no writes'],
  'state-lost': [409, 'The state of the user is lost'],
  'schema-too-new': [503, 'The store was written by a newer version'],
  'key-missing': [503, 'The master key is missing'],
  'roster-invalid': [503, 'The roster is not valid'],
  'directory-unavailable': [503, 'The user directory is not available'],
  'clock-no-quorum': [409, 'Not enough time servers agree'],
  'clock-not-set': [503, 'The clock could not be set'],
  'backup-invalid': [400, 'The file is no backup that can be used'],
  'backup-too-new': [400, 'The backup was made by a newer version'],
  'backup-locked': [403, 'The backup cannot be opened'],
  'backup-refused': [403, 'The backup is refused'],
  'config-invalid': [500, 'The configuration is not valid'],
  'already-running': [503, 'The daemon is running already'],
  'daemon-unreachable': [503, 'The daemon cannot be reached'],
  cancelled: [409, 'The person changed their mind'],
  usage: [400, 'The command was not understood'],
  internal: [500, 'Something in the daemon failed'],
};

/** All that an unexpected error may say in public. */
const UNEXPECTED = new Fault(
  'internal',
  'The daemon met an error that it did not expect; nobody was let in by this request.',
  'Try again; if it stays, look into the log of fygo-2fa.',
);

/** The fault to show for whatever was thrown: what nobody foresaw is one constant sentence. */
export function publicFault(thrown: unknown): Fault {
  return thrown instanceof Fault && thrown.code !== 'internal' ? thrown : UNEXPECTED;
}

/** The problem document of a fault (RFC 9457), status included; 4xx or 5xx. */
export function problemOf(fault: Fault): Problem {
  const [status, title] = KINDS[fault.code];
  return {
    type: `urn:fygo-2fa:problem:${fault.code}`,
    title,
    status,
    detail: fault.message,
    code: fault.code,
    hint: fault.hint,
  };
}
