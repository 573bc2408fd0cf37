// Owns getting ready to sign in: the server as it is set, with the credentials that one letter needs.

import { SECOND } from '../kernel/instant.ts';
import { Secret } from '../kernel/secret.ts';
import type { Parts } from '../service/parts.ts';
import type { Mail } from '../store/mail.ts';
import { type MailAccount, type MailFailure, type OAuthClient, readRefreshed } from '../wire/mail.ts';
import { readCaFile } from './ca-file.ts';
import type { MailSetting } from './setting.ts';

export type MailParts = Omit<Parts, 'outbox'>;

export type Prepared =
  | { readonly kind: 'off' }
  | { readonly kind: 'failed'; readonly mail: SetUp; readonly failure: MailFailure; readonly said: string }
  | {
      readonly kind: 'ready';
      readonly mail: SetUp;
      readonly account: MailAccount;
      /** What must not be repeated, whatever the server says. */
      readonly secrets: readonly string[];
    };

type SetUp = Mail & { readonly setting: MailSetting };

/** Never rejects for what lies outside the NAS. @throws Fault `store-unavailable`, `key-missing` */
export async function prepare(parts: MailParts): Promise<Prepared> {
  const { mail, password } = parts.state.read((t) => ({
    mail: t.mail.current(),
    password: t.mail.credential('password'),
  }));
  const { setting } = mail;
  if (setting === null) return { kind: 'off' };
  const setUp = { ...mail, setting };
  const failed = (failure: MailFailure, said: string) =>
    ({ kind: 'failed', mail: setUp, failure, said }) as const;
  const { host, port, security, account: user, caFile } = setting;
  let ca: string | null = null;
  if (caFile !== null) {
    const read = await readCaFile(caFile);
    if (read.kind === 'useless') return failed('certificate-untrusted', `${caFile} ${read.why}`);
    ca = read.pem;
  }
  const server = { host, port, security, ca };
  const ready = (signIn: MailAccount['signIn'], secrets: readonly string[]) =>
    ({ kind: 'ready', mail: setUp, account: { ...server, signIn }, secrets }) as const;
  if (user === null) return ready(null, []);
  if (password !== null) {
    const shown = password.reveal().toString('utf8');
    return ready({ with: 'password', user, password: shown }, [shown, `\0${user}\0${shown}`]);
  }
  const access = await accessToken(parts, setUp);
  if ('failure' in access) return failed(access.failure, access.said);
  const shown = access.token.reveal().toString('utf8');
  return ready({ with: 'access-token', user, accessToken: shown }, [shown]);
}

/** The access token that is still good, or a new one. */
async function accessToken(
  parts: MailParts,
  { version }: SetUp,
): Promise<{ readonly token: Secret } | { readonly failure: MailFailure; readonly said: string }> {
  const { state, clock, mail: desk } = parts;
  const held = desk.access(version, clock.elapsed());
  if (held) return { token: held };
  const client = oauthClient(parts);
  const refreshToken = state.read((t) => t.mail.credential('refresh_token'));
  if (!refreshToken || !client) return { failure: 'authorisation-ended', said: '' };
  const request = { kind: 'refresh', client, refreshToken: refreshToken.reveal().toString('utf8') } as const;
  const answer = readRefreshed(await desk.role.handle(request).catch(() => null));
  if (answer === null) return { failure: 'authorisation-unreachable', said: '' };
  if (answer.outcome === 'failed') return { failure: answer.failure, said: answer.said };
  const renewed = answer.refreshToken;
  if (renewed !== null && renewed !== request.refreshToken) {
    await state.write((t) => {
      if (t.mail.current().version === version)
        t.mail.keep('refresh_token', new Secret(Buffer.from(renewed)));
    });
  }
  const token = new Secret(Buffer.from(answer.accessToken));
  desk.keep(version, token, clock.elapsed() + answer.expiresIn * SECOND);
  return { token };
}

/** Under what name this NAS asks Microsoft; `null` where none is registered. */
export function oauthClient({ config }: Pick<Parts, 'config'>): OAuthClient | null {
  const { clientId, endpoint } = config.outlook;
  return clientId === null ? null : { clientId, endpoint };
}
