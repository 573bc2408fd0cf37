// Owns the conversation with a mail server, step by step. One of the files that open connections; it runs as the mail role.

import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Millis, SECOND } from '../kernel/instant.ts';
import type { Journey, JourneyStep, MailAccount, MailMessage, MailStep } from '../wire/mail.ts';
import { type FailedStep, failureOf, isEncryption, isForGood, type Trouble } from './failures.ts';
import { toMime } from './mime.ts';

/** How long each step may take, and all of them together. */
export interface Patience {
  readonly step: Millis;
  readonly whole: Millis;
}
export const PATIENCE: Patience = { step: 15 * SECOND, whole: 40 * SECOND };

/** Far more than an honest server says at once. */
const LONGEST_REPLY = 65_536;
/** Older ones are broken (RFC 8996). */
const OLDEST_TLS = 'TLSv1.2';

class Stopped extends Error {
  readonly failed: FailedStep;
  readonly unsure: boolean;

  constructor(failed: FailedStep, unsure = false) {
    super(failed.failure);
    this.failed = failed;
    this.unsure = unsure;
  }
}

/**
 * Goes as far as it can: resolve, connect, TLS, sign in and, with a message, hand it over. Never rejects, and leaves no
 * connection behind.
 */
export async function converse(
  account: MailAccount,
  message: MailMessage | null,
  patience: Patience = PATIENCE,
): Promise<Journey> {
  const steps: JourneyStep[] = [];
  const open: { socket?: Socket } = {};
  const whole = setTimeout(() => open.socket?.destroy(timedOut()), patience.whole);
  try {
    const server = await travel(account, message, patience.step, steps, open);
    await goodbye(server);
    return { outcome: 'done', steps };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const outcome = error.unsure ? 'unsure' : isForGood(error.failed) ? 'refused' : 'failed';
    return { outcome, steps: [...steps, error.failed] };
  } finally {
    clearTimeout(whole);
    open.socket?.destroy();
  }
}

async function travel(
  account: MailAccount,
  message: MailMessage | null,
  patience: Millis,
  steps: JourneyStep[],
  open: { socket?: Socket },
): Promise<SMTPConnection> {
  const { host, port, security, signIn, ca } = account;
  const done = (step: MailStep) => steps.push({ step, ok: true });
  const addresses = await tried('resolve', patience, lookup(host, { all: true }));
  done('resolve');
  const socket = connect({
    host,
    port,
    autoSelectFamily: true,
    // What was looked up is what is connected to.
    lookup: (_host, _options, answer) => answer(null, addresses),
  });
  open.socket = socket;
  await tried('connect', patience, ready(socket, 'connect'));
  if (security === 'tls') {
    done('connect');
    // Loaded when asked: with it Node reads some 150 certificates, which are 1.6 MB of a core that meets no network.
    const { connect: connectTls } = await import('node:tls');
    open.socket = connectTls({ socket, ...encryption(host, ca) });
    await tried('tls', patience, ready(open.socket, 'secureConnect'));
    done('tls');
  }
  const server = await greet(account, open.socket, patience, () => done('connect'));
  if (security === 'starttls') done('tls');
  if (signIn !== null) {
    await tried('sign-in', patience, enter(server, signIn));
    done('sign-in');
  }
  if (message === null) return server;
  await handOver(server, message, patience);
  done('accepted');
  return server;
}

/** What the server took stays taken, however the parting goes. */
async function goodbye(server: SMTPConnection): Promise<void> {
  const gone = Promise.withResolvers<void>();
  server.once('end', gone.resolve);
  server.quit();
  await within(SECOND, gone.promise).catch(() => {});
}

/** The greeting and what follows until commands are taken, STARTTLS included. */
async function greet(
  account: MailAccount,
  socket: Socket,
  patience: Millis,
  connected: () => void,
): Promise<SMTPConnection> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const { host, security, signIn, ca } = account;
  const server = new Connection({
    host,
    connection: socket,
    secure: security === 'tls',
    secured: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'plain',
    tls: encryption(host, ca),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    socketCloseTimeout: SECOND,
    maxResponseSize: LONGEST_REPLY,
    ...(signIn?.with === 'access-token' ? { customAuth: { [BEARER]: xoauth2 } } : {}),
  });
  const greeted = settles<void>(server, (settle) => server.connect((error) => settle(error)));
  await within(patience, greeted).catch((error: Trouble) => {
    const at = isEncryption(error, server.upgrading === true) ? 'tls' : 'connect';
    if (at === 'tls') connected();
    throw new Stopped(failureOf(at, error));
  });
  if (security !== 'tls') connected();
  return server;
}

async function enter(server: SMTPConnection, signIn: NonNullable<MailAccount['signIn']>): Promise<void> {
  if (!server.allowsAuth) throw trouble('the server offers no way to sign in on this connection', 'ENOAUTH');
  const auth =
    signIn.with === 'password'
      ? { user: signIn.user, pass: signIn.password }
      : { method: BEARER, user: signIn.user, pass: signIn.accessToken };
  await settles(server, (settle) => server.login(auth, settle));
}

/**
 * A name of our own for XOAUTH2: under its own name nodemailer would take PLAIN where a server offers that as well, and
 * hand it the token as a password.
 */
const BEARER = 'BEARER';

/** SASL XOAUTH2: the token is the initial response; a refusal comes as a challenge that wants an empty answer. */
const xoauth2: NonNullable<SMTPConnection.CustomAuthenticationHandlers[string]> = async (context) => {
  const { user, pass } = context.auth.credentials;
  const token = Buffer.from(`user=${user}\x01auth=Bearer ${pass}\x01\x01`).toString('base64');
  const answer = await context.sendCommand(`AUTH XOAUTH2 ${token}`);
  const last = answer.status === 334 ? await context.sendCommand('') : answer;
  if (last.status !== 235) throw trouble('the access token was refused', 'EAUTH');
};

async function handOver(server: SMTPConnection, message: MailMessage, patience: Millis): Promise<void> {
  const bytes = await toMime(message);
  const stream = Readable.from([bytes]);
  let handed = false;
  stream.once('end', () => {
    handed = true;
  });
  const envelope = { from: message.from.address, to: [message.to], size: bytes.length };
  const taken = settles(server, (settle) => server.send(envelope, stream, settle));
  await within(patience, taken).catch((error: Trouble) => {
    throw new Stopped(failureOf('accepted', error), handed && !error.responseCode);
  });
}

/** What a callback says, or the error that the connection ends with while nobody calls back. */
function settles<T>(
  server: SMTPConnection,
  begin: (settle: (error: Error | null | undefined, value?: T) => void) => void,
): Promise<T | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  server.on('error', reject);
  server.once('end', () => reject(trouble('the connection ended', 'ECONNECTION')));
  begin((error, value) => (error ? reject(error) : resolve(value)));
  return promise;
}

/** Ends with the step's own failure where the work fails, or takes too long. */
function tried<T>(step: MailStep, patience: Millis, work: Promise<T>): Promise<T> {
  return within(patience, work).catch((error: Trouble) => {
    throw error instanceof Stopped ? error : new Stopped(failureOf(step, error));
  });
}

function within<T>(patience: Millis, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(timedOut()), patience);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, resolve);
  // It stays: a late error of a socket that was given up on must not end the process.
  socket.on('error', reject);
  socket.once('close', () => reject(trouble('the connection was closed', 'ECONNECTION')));
  return promise;
}

function encryption(host: string, ca: string | null) {
  // No name for an address (RFC 6066 §3).
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return { host, minVersion: OLDEST_TLS, ...servername, ...(ca === null ? {} : { ca }) } as const;
}

function timedOut(): Error & Trouble {
  return trouble('the server did not answer in time', 'ETIMEDOUT');
}

function trouble(message: string, code: string): Error & Trouble {
  return Object.assign(new Error(message), { code });
}
