// Owns what the errors of a mail connection are called: by the step they ended, and in the server's own words.

import type { JourneyStep, MailFailure, MailStep } from '../wire/mail.ts';

/** What nodemailer and Node say of an error. */
export interface Trouble {
  readonly code?: string | undefined;
  /** The code of the system or of OpenSSL, where nodemailer put its own in its place. */
  readonly originalCode?: string | undefined;
  readonly command?: string | undefined;
  /** The server's reply. */
  readonly response?: string | undefined;
  readonly responseCode?: number | false | undefined;
  readonly message: string;
}

export type FailedStep = Extract<JourneyStep, { ok: false }>;

const CERTIFICATE: Readonly<Record<string, MailFailure>> = {
  CERT_HAS_EXPIRED: 'certificate-date',
  CERT_NOT_YET_VALID: 'certificate-date',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate-untrusted',
  CERT_UNTRUSTED: 'certificate-untrusted',
};

/** Basic authentication is switched off for the mailbox, whatever the password (Outlook.com, Microsoft 365). */
const PASSWORDS_ENDED = /5\.7\.(?:139|30|57)\b/;

/** What an error that ended this step is called. */
export function failureOf(step: MailStep, trouble: Trouble): FailedStep {
  return { step, ok: false, failure: nameOf(step, trouble), said: trouble.response ?? trouble.message };
}

/** Is it the encryption that failed, though the step was still "connect"? STARTTLS happens within the conversation. */
export function isEncryption(trouble: Trouble, upgrading: boolean): boolean {
  return upgrading || trouble.code === 'ETLS' || certificate(trouble) !== undefined;
}

/** Will the same letter never be taken? */
export function isForGood({ failure }: FailedStep): boolean {
  return failure === 'recipient-refused' || failure === 'rejected';
}

function nameOf(step: MailStep, trouble: Trouble): MailFailure {
  switch (step) {
    case 'resolve':
      return isTimeout(trouble) ? 'timeout' : 'no-address';
    case 'connect':
      return connecting(trouble);
    case 'tls':
      if (trouble.response !== undefined) return 'no-starttls';
      return certificate(trouble) ?? (isTimeout(trouble) ? 'timeout' : 'tls-failed');
    case 'sign-in':
      return signingIn(trouble);
    case 'accepted':
      return handingOver(trouble);
  }
}

function connecting(trouble: Trouble): MailFailure {
  if (isTimeout(trouble)) return 'timeout';
  // 421 and 554 in place of a greeting: a mail server that does not want to talk now, or with us.
  if (trouble.code === 'EPROTOCOL')
    return /^[45][0-9]{2}\b/.test(trouble.response ?? '') ? 'later' : 'not-smtp';
  return trouble.code === 'ECONNECTION' && trouble.originalCode === undefined ? 'not-smtp' : 'unreachable';
}

function signingIn(trouble: Trouble): MailFailure {
  const { response = '', responseCode } = trouble;
  if (isTimeout(trouble)) return 'timeout';
  if (PASSWORDS_ENDED.test(response)) return 'passwords-refused';
  if (responseCode) return isTransient(responseCode) ? 'later' : 'sign-in-refused';
  return trouble.code === 'ENOAUTH' ? 'sign-in-not-offered' : 'dropped';
}

function handingOver(trouble: Trouble): MailFailure {
  const { response = '', responseCode, command } = trouble;
  if (!responseCode) return isTimeout(trouble) ? 'timeout' : 'dropped';
  if (PASSWORDS_ENDED.test(response)) return 'passwords-refused';
  if (isTransient(responseCode)) return 'later';
  if (command === 'MAIL FROM') return 'sender-refused';
  return command === 'RCPT TO' ? 'recipient-refused' : 'rejected';
}

function certificate({ code, originalCode }: Trouble): MailFailure | undefined {
  return CERTIFICATE[originalCode ?? ''] ?? CERTIFICATE[code ?? ''];
}

function isTimeout({ code, originalCode }: Trouble): boolean {
  return code === 'ETIMEDOUT' || originalCode === 'ETIMEDOUT';
}

const isTransient = (code: number) => code >= 400 && code < 500;
