// Owns the table mail: how the system sends mail, its credentials sealed, and how the last try went.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';
import type { Secret } from '../kernel/secret.ts';
import type { MailExperience, MailSetting } from '../mail/setting.ts';
import { type Sealing, seal, unseal } from './seal.ts';

export interface Mail {
  /** `null` where mail is not set up. */
  readonly setting: MailSetting | null;
  /** Rises by one with each change, switching off included. */
  readonly version: number;
  readonly hasPassword: boolean;
  /** Did somebody authorise the system at the provider? */
  readonly hasRefreshToken: boolean;
  /** The last time the server was spoken with; `null` where it never was since the last change. */
  readonly experience: MailExperience | null;
}

type Credential = 'password' | 'refresh_token';

interface Row extends Omit<MailSetting, 'provider'> {
  readonly provider: MailSetting['provider'] | null;
  readonly version: number;
  readonly hasPassword: 0 | 1;
  readonly hasRefreshToken: 0 | 1;
  readonly triedAt: Instant | null;
  readonly trouble: string | null;
  readonly troubleText: string | null;
}

/** The version where mail was never set up. */
const NEVER_SET = 1;

export class Mails {
  readonly #sealing;
  readonly #get;
  readonly #put;
  readonly #clear;
  readonly #credential;
  readonly #keep;
  readonly #tried;

  constructor(db: DatabaseSync, sealing: Sealing) {
    this.#sealing = sealing;
    this.#get = db.prepare(
      `SELECT version, provider, sender, host, port, security, account, ca_file AS caFile,
         password IS NOT NULL AS hasPassword, refresh_token IS NOT NULL AS hasRefreshToken,
         tried_at AS triedAt, trouble, trouble_text AS troubleText FROM mail`,
    );
    this.#put = db.prepare(
      `INSERT INTO mail (id, version, provider, sender, host, port, security, account, ca_file)
       VALUES (1, ${NEVER_SET + 1}, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET version = version + 1, provider = excluded.provider, sender = excluded.sender,
         host = excluded.host, port = excluded.port, security = excluded.security, account = excluded.account,
         ca_file = excluded.ca_file, tried_at = NULL, trouble = NULL, trouble_text = NULL`,
    );
    this.#clear = db.prepare(
      `UPDATE mail SET version = version + 1, provider = NULL, sender = NULL, host = NULL, port = NULL, security = NULL,
         account = NULL, ca_file = NULL, password = NULL, refresh_token = NULL, tried_at = NULL, trouble = NULL,
         trouble_text = NULL`,
    );
    const columns = ['password', 'refresh_token'] as const;
    const each = <T>(make: (column: Credential) => T) =>
      Object.fromEntries(columns.map((column) => [column, make(column)])) as Record<Credential, T>;
    this.#credential = each((column) => db.prepare(`SELECT ${column} AS sealed FROM mail`));
    this.#keep = each((column) => db.prepare(`UPDATE mail SET ${column} = ?`));
    this.#tried = db.prepare('UPDATE mail SET tried_at = ?, trouble = ?, trouble_text = ? WHERE version = ?');
  }

  current(): Mail {
    const row = this.#get.get() as Row | undefined;
    if (!row)
      return {
        setting: null,
        version: NEVER_SET,
        hasPassword: false,
        hasRefreshToken: false,
        experience: null,
      };
    const { version, provider, hasPassword, hasRefreshToken, triedAt, trouble, troubleText, ...rest } = row;
    return {
      setting: provider === null ? null : { provider, ...rest },
      version,
      hasPassword: hasPassword === 1,
      hasRefreshToken: hasRefreshToken === 1,
      experience:
        triedAt === null
          ? null
          : { at: triedAt, trouble: trouble === null ? null : { code: trouble, text: troubleText ?? '' } },
    };
  }

  /** Puts a setting in place of what there was; credentials stay unless they are kept or forgotten as well. */
  put(setting: MailSetting): void {
    const { provider, sender, host, port, security, account, caFile } = setting;
    this.#put.run(provider, sender, host, port, security, account, caFile);
  }

  /** Switches mail off and forgets the credentials. */
  clear(): void {
    this.#clear.run();
  }

  credential(of: Credential): Secret | null {
    const row = this.#credential[of].get() as { sealed: Uint8Array | null } | undefined;
    const sealed = row?.sealed ?? null;
    return sealed === null ? null : unseal(sealed, placeOf(of), this.#sealing.key);
  }

  /** @param secret `null` forgets it */
  keep(of: Credential, secret: Secret | null): void {
    const { key, random } = this.#sealing;
    this.#keep[of].run(secret === null ? null : seal(secret, placeOf(of), key, random));
  }

  /** Writes down how it went; nothing where the setting has changed since. */
  tried(version: number, { at, trouble }: MailExperience): void {
    this.#tried.run(at, trouble?.code ?? null, trouble?.text ?? null, version);
  }
}

function placeOf(column: Credential) {
  return { table: 'mail', column, user: 0, row: 1 };
}
