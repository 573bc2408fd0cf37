// Owns what the fake daemon of the command line's tests answers about mail.

import type { MailDocument, MailTest } from '../../daemon/wire/mail-setting.ts';
import { problem, type Script } from './bench.ts';

const mail: MailDocument = {
  provider: 'smtp',
  from: 'nas@example.com',
  host: 'mail.example.com',
  port: 587,
  security: 'starttls',
  user: 'nas',
  hasPassword: true,
  caFile: '/etc/ssl/own.pem',
  authorised: true,
  working: true,
  lastProbe: '2026-11-24T02:07:00.000Z',
  lastError: null,
  queued: 0,
  version: 4,
};

const off: MailDocument = {
  ...mail,
  provider: null,
  from: null,
  host: null,
  port: null,
  security: null,
  user: null,
  hasPassword: false,
  caFile: null,
  authorised: false,
  working: false,
  lastProbe: null,
};

const refusing: MailDocument = {
  ...mail,
  working: false,
  queued: 2,
  lastError: {
    code: 'sign-in-refused',
    text: 'mail.example.com:587 refused the sign-in. It says: 535 5.7.8 authentication failed',
    hint: 'Check user and password; many providers want an app password here.',
    said: '535 5.7.8 authentication failed',
  },
};

const refused: MailTest = {
  ok: false,
  steps: [
    { step: 'resolve', ok: true, text: 'The name mail.example.com was found.', hint: null },
    { step: 'connect', ok: true, text: 'mail.example.com:587 took the connection.', hint: null },
    {
      step: 'tls',
      ok: false,
      text: 'The certificate of mail.example.com:587 has expired, or is not valid yet.',
      hint: 'Have the certificate renewed at the server; the time of this NAS is right.',
    },
  ],
};

/** Whoever sets a password has to say "right"; nothing of it is answered. */
export const mailWell: Script = {
  mail: () => ({ status: 200, body: mail, headers: { etag: '"4"' } }),
  setMail: ({ body, headers }) => {
    const wanted = body as { provider: MailDocument['provider']; from: string; password?: string };
    if (headers['if-match'] !== '"4"')
      return problem(412, 'mail-changed', 'Somebody was faster.', 'Look again.');
    const { provider, from, password } = wanted;
    const shown = { ...mail, provider, from, user: from, hasPassword: password === 'right', caFile: null };
    return { status: 200, body: { ...shown, working: false, lastProbe: null } };
  },
  removeMail: ({ headers }) =>
    headers['if-match'] === '"4"' ? { status: 200, body: off } : problem(412, 'mail-changed', 'No.', 'Look.'),
  testMail: ({ body }) =>
    (body as { address: string }).address === 'alice@example.com'
      ? {
          status: 200,
          body: {
            ok: true,
            steps: [
              ...refused.steps.slice(0, 2),
              { step: 'tls', ok: true, text: 'The connection is encrypted.', hint: null },
              { step: 'accepted', ok: true, text: 'The server took the letter.', hint: null },
            ],
          },
        }
      : { status: 200, body: refused },
  authoriseMail: () => ({
    status: 200,
    body: {
      userCode: 'FJK4-QZ7T',
      verificationUri: 'https://microsoft.com/devicelogin',
      expires: '2026-11-24T08:15:00.000Z',
      interval: 0,
    },
  }),
  pollMail: () => ({ status: 200, body: { state: 'authorised' } }),
};

export const mailOff: Script = { mail: () => ({ status: 200, body: off, headers: { etag: '"1"' } }) };
export const mailRefusing: Script = {
  mail: () => ({ status: 200, body: refusing, headers: { etag: '"4"' } }),
};
export const mailDeclined: Script = { pollMail: () => ({ status: 200, body: { state: 'declined' } }) };
