// Owns the configuration: config.toml to one typed Config in which nothing is optional.

import { readFile } from 'node:fs/promises';
import { checkDocument } from './config/check.ts';
import { readDocument, TomlError } from './config/document.ts';
import type { NtpServer } from './config/ntp-server.ts';
import type { FileShape } from './config/shape.ts';
import { Fault } from './kernel/fault.ts';
import { type Millis, SECOND } from './kernel/instant.ts';

export type { NtpServer } from './config/ntp-server.ts';

/** What the daemon runs with. */
export interface Config {
  readonly clock: {
    /** 4 to 16, no two the same. */
    readonly servers: readonly NtpServer[];
  };
  readonly accounts: {
    /** Exact names; may be empty (then only uid 0 is an administrator). */
    readonly administratorGroups: readonly string[];
  };
  readonly limits: {
    /** Open connections per socket, 4 to 256. */
    readonly connections: number;
    /** Open logins kept in memory, 16 to 50,000. */
    readonly logins: number;
    readonly auditRows: number;
    readonly auditDays: number;
    /** 0 (the feature is off) to 90. */
    readonly trustedDeviceDays: number;
    /** How long a look-up of users or groups may take, 1 to 30 s. */
    readonly directoryTimeout: Millis;
  };
  readonly outlook: {
    /** Microsoft's application (client) ID; null where none is registered. */
    readonly clientId: string | null;
    /** Where `/devicecode` and `/token` are; no slash at its end. */
    readonly endpoint: string;
  };
  readonly brand: {
    /** The issuer in authenticator apps. */
    readonly issuer: string;
  };
}

function toConfig(file: FileShape): Config {
  return {
    clock: { servers: file.clock.servers },
    accounts: { administratorGroups: file.accounts.administrator_groups },
    limits: {
      connections: file.limits.connections,
      logins: file.limits.logins,
      auditRows: file.limits.audit_rows,
      auditDays: file.limits.audit_days,
      trustedDeviceDays: file.limits.trusted_device_days,
      directoryTimeout: file.limits.directory_timeout_seconds * SECOND,
    },
    outlook: { clientId: file.outlook.client_id, endpoint: file.outlook.endpoint },
    brand: { issuer: file.brand.issuer },
  };
}

function invalid(problems: readonly string[], fileName: string, cause?: unknown): Fault {
  return new Fault(
    'config-invalid',
    problems.join('\n'),
    `Correct ${fileName} and start the daemon again; it does not start with settings it cannot read. Every key may be left out.`,
    cause,
  );
}

/**
 * Reads the text of a config.toml; null stands for "there is no file" and gives the defaults.
 * @throws Fault `config-invalid`; its message has one line per problem, `fileName:line: …` each.
 */
export async function loadConfig(text: string | null, fileName: string): Promise<Config> {
  const entries =
    text === null
      ? []
      : await readDocument(text).catch((error: unknown) => {
          if (!(error instanceof TomlError)) throw error;
          const text = `${fileName}:${error.line}:${error.column}: is not TOML here: ${error.message}`;
          throw invalid([text], fileName, error);
        });
  const checked = checkDocument(entries);
  if ('clock' in checked) return toConfig(checked);
  throw invalid(
    checked.map(({ line, text }) => `${fileName}:${line}: ${text}`),
    fileName,
  );
}

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'the daemon may not read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENOTDIR: 'a part of its path is not a folder',
  EIO: 'the medium could not be read',
};

/**
 * Reads the configuration at a path. A file that does not exist gives the defaults.
 * @throws Fault `config-invalid` where the file cannot be read, is not UTF-8, or has problems.
 */
export async function readConfig(path: string): Promise<Config> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT') return loadConfig(null, path);
    throw invalid([`${path}: cannot be read: ${CAUSES[code] ?? code}`], path, error);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw invalid([`${path}: is not UTF-8 text`], path, error);
  }
  return loadConfig(text, path);
}
