// Owns what config.toml may say: every key, its default, its range, and the sentence for a value outside it.

import * as v from 'valibot';
import { NTP_PORT, type NtpServer, parseNtpServer } from './ntp-server.ts';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const whole = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.number(message),
    v.check((value) => Number.isInteger(value) && value >= least && value <= most, message),
  );
};

const text = (message: string, allows: (value: string) => boolean) =>
  v.pipe(
    v.string(message),
    v.check((value) => !UNPRINTABLE.test(value) && value.isWellFormed() && allows(value), message),
  );

/** A list that reports its length, each unfit element and each repetition, all at once. */
function list<T>(
  what: string,
  least: number,
  most: number,
  element: v.GenericSchema<unknown, T>,
  identity: (value: T) => string,
) {
  return v.pipe(
    v.array(v.unknown(), `must be a list of ${what}`),
    v.rawTransform<unknown[], readonly T[]>(({ dataset, addIssue, NEVER }) => {
      const fit: T[] = [];
      const seen = new Set<string>();
      let sound = true;
      const report = (message: string, key?: number) => {
        sound = false;
        const value = dataset.value;
        if (key === undefined) addIssue({ message });
        else
          addIssue({
            message,
            path: [{ type: 'array', origin: 'value', input: value, key, value: value[key] }],
          });
      };
      if (dataset.value.length < least || dataset.value.length > most) {
        report(`must have ${least} to ${most} entries, has ${dataset.value.length}`);
      }
      for (const [index, value] of dataset.value.entries()) {
        const read = v.safeParse(element, value);
        if (!read.success) report(read.issues[0].message, index);
        else if (seen.has(identity(read.output))) report('is listed twice', index);
        else {
          seen.add(identity(read.output));
          fit.push(read.output);
        }
      }
      return sound ? fit : NEVER;
    }),
  );
}

const SERVER = 'must be "host", "host:port" or "[IPv6 address]:port", the port from 1 to 65535';

const ntpServer = v.pipe(
  v.string(SERVER),
  v.rawTransform<string, NtpServer>(({ dataset, addIssue, NEVER }) => {
    const server = parseNtpServer(dataset.value);
    if (server) return server;
    addIssue({ message: SERVER });
    return NEVER;
  }),
);

const POOL: readonly NtpServer[] = [0, 1, 2, 3].map((n) => ({
  host: `${n}.debian.pool.ntp.org`,
  port: NTP_PORT,
}));

const groupName = text(
  'must be the name of a group: 1 to 256 characters, no control characters, no ":"',
  (name) => name.length >= 1 && name.length <= 256 && !name.includes(':') && name.trim() === name,
);

function isEndpoint(value: string): boolean {
  const url = URL.parse(value);
  if (!url || url.username || url.password || /[?#]/.test(value) || value.endsWith('/')) return false;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}

/** The sections of config.toml and their keys. */
export const SECTIONS = {
  clock: v.object({
    servers: v.optional(
      // Three have to agree and be more than half: with fewer than four, one dead server stops the clock check.
      list('NTP servers', 4, 16, ntpServer, ({ host, port }) => `[${host}]:${port}`),
      () => POOL.map(({ host }) => host),
    ),
  }),
  accounts: v.object({
    administrator_groups: v.optional(list('group names', 0, 32, groupName, String), () => [
      'sudo',
      'administrators',
    ]),
  }),
  limits: v.object({
    connections: v.optional(whole(4, 256), 64),
    logins: v.optional(whole(16, 50_000), 10_000),
    audit_rows: v.optional(whole(100, 1_000_000), 100_000),
    audit_days: v.optional(whole(1, 3_650), 365),
    trusted_device_days: v.optional(whole(0, 90), 30),
    directory_timeout_seconds: v.optional(whole(1, 30), 2),
  }),
  outlook: v.object({
    client_id: v.optional(
      v.nullable(
        text('must be the application (client) ID that Microsoft gave: letters, digits and "-"', (id) =>
          /^[A-Za-z0-9-]{1,64}$/.test(id),
        ),
      ),
      null,
    ),
    endpoint: v.optional(
      text(
        'must be an https:// address (http:// on loopback only) without password, "?", "#" or "/" at its end',
        isEndpoint,
      ),
      'https://login.microsoftonline.com/common/oauth2/v2.0',
    ),
  }),
  brand: v.object({
    issuer: v.optional(
      text(
        'must be 1 to 64 characters without ":" (authenticator apps split at it), control characters, or spaces at its ends',
        (name) => name.length >= 1 && name.length <= 64 && !name.includes(':') && name.trim() === name,
      ),
      'Fygo NAS',
    ),
  }),
};

/** The whole file. A section or key that is absent has its default. */
export const fileShape = v.object({
  clock: v.optional(SECTIONS.clock, {}),
  accounts: v.optional(SECTIONS.accounts, {}),
  limits: v.optional(SECTIONS.limits, {}),
  outlook: v.optional(SECTIONS.outlook, {}),
  brand: v.optional(SECTIONS.brand, {}),
});

export type FileShape = v.InferOutput<typeof fileShape>;
