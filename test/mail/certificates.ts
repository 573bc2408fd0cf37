// Owns certificates for mail servers on loopback: an authority of the test's own, and what it signed.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  readonly key: string;
  readonly cert: string;
}

export interface Certificates {
  /** The authority, in PEM; what trusts it trusts the servers. */
  readonly ca: string;
  readonly caFile: string;
  /** For `localhost` and 127.0.0.1. */
  readonly good: Pair;
  /** Ended in 2021. */
  readonly expired: Pair;
  /** For `mail.example`. */
  readonly otherName: Pair;
  readonly folder: string;
}

/** Why certificates cannot be made here; `false` where they can. */
export const lackingOpenssl: string | false = existsSync('/usr/bin/openssl') ? false : 'needs openssl';

/** Makes them in a folder of its own, which `remove` takes away. */
export function makeCertificates(): Certificates & { remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'fygo-mail-'));
  const at = (name: string) => join(folder, name);
  const openssl = (words: readonly string[], faked: string | null = null) =>
    execFileSync('openssl', [...words], {
      cwd: folder,
      stdio: 'pipe',
      env: { PATH: process.env.PATH, ...fake(faked) },
    });
  const key = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    name,
  ];
  openssl(
    ['req', '-x509', ...key('ca.key'), '-out', 'ca.pem', '-days', '9999', '-subj', '/CN=Test authority'],
    LONG_AGO,
  );
  const signed = (name: string, names: string, days: string, faked: string | null = null): Pair => {
    writeFileSync(at(`${name}.ext`), `subjectAltName=${names}\n`);
    openssl(['req', ...key(`${name}.key`), '-out', `${name}.csr`, '-subj', `/CN=${name}`]);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    openssl(['x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, '-days', days, ...by], faked);
    return { key: readFileSync(at(`${name}.key`), 'utf8'), cert: readFileSync(at(`${name}.pem`), 'utf8') };
  };
  const own = 'DNS:localhost,IP:127.0.0.1';
  return {
    ca: readFileSync(at('ca.pem'), 'utf8'),
    caFile: at('ca.pem'),
    good: signed('good', own, '9999', LONG_AGO),
    expired: signed('expired', own, '30', LONG_AGO),
    otherName: signed('other', 'DNS:mail.example', '9999', LONG_AGO),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Valid on any wall clock that a test sets. */
const LONG_AGO = '2021-01-01 00:00:00';

function fake(at: string | null) {
  if (at === null) return {};
  const library = readdirSync('/usr/lib')
    .map((triplet) => join('/usr/lib', triplet, 'faketime', 'libfaketime.so.1'))
    .find((file) => existsSync(file));
  return { LD_PRELOAD: library, FAKETIME: at };
}
