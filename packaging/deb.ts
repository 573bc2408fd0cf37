// Owns the source tree of a Debian package: what debhelper finds there beside the built files, from packaging/debian, the
// documents and the program's own help.

import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from '../daemon/cli/index.ts';
import { bashCompletion, commandsAsMdoc, literal, optionsAsMdoc } from './manual.ts';
import { ROOT } from './target.ts';

const DOCUMENTS = [
  'README.md',
  'docs/INTEGRATION.md',
  'docs/PAM.md',
  'docs/THREAT-MODEL.md',
  'docs/TROUBLESHOOTING.md',
];

const [work = '', version = '', triplet = ''] = process.argv.slice(2);
const built = Number(process.env.SOURCE_DATE_EPOCH) * 1000;
const from = (...path: readonly string[]) => join(ROOT, ...path);
const into = (...path: readonly string[]) => join(work, ...path);

function copied(source: string, ...target: readonly string[]): void {
  cpSync(source, into(...target), { recursive: true, preserveTimestamps: false });
}

function manual(): void {
  mkdirSync(into('man'));
  const day = new Date(built).toISOString().slice(0, 10);
  const values: Readonly<Record<string, string>> = {
    '@COMMANDS@': commandsAsMdoc(PAGES),
    '@OPTIONS@': optionsAsMdoc(),
    '@KEYS@': literal(readFileSync(from('docs/examples/config.toml'), 'utf8')),
    $Mdocdate$: day,
  };
  for (const name of readdirSync(from('packaging/man'))) {
    let text = readFileSync(from('packaging/man', name), 'utf8');
    for (const [mark, value] of Object.entries(values)) text = text.replaceAll(mark, () => value);
    writeFileSync(into('man', name), text);
  }
}

/** systemd's files where debhelper looks for them. */
function units(): void {
  copied(from('systemd'), 'systemd');
  renameSync(into('systemd/fygo-2fa.sysusers.conf'), into('debian/fygo-2fa.sysusers'));
  renameSync(into('systemd/fygo-2fa.tmpfiles.conf'), into('debian/fygo-2fa.tmpfiles'));
}

function changelog(): string {
  const date = new Date(built).toUTCString().replace('GMT', '+0000');
  return `fygo-2fa (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- FygoOS developers <fygo-2fa@fygoos.example>  ${date}\n`;
}

mkdirSync(into('docs'), { recursive: true });
for (const path of DOCUMENTS) copied(from(path), path);
renameSync(into('LICENSE'), into('NODE-LICENSE'));
copied(from('docs/examples/config.toml'), 'config.toml');
manual();
units();
mkdirSync(into('completion'));
writeFileSync(into('completion/fygo-2fa'), bashCompletion(PAGES));
mkdirSync(into('pam-configs'));
renameSync(into('debian/pam-config'), into('pam-configs/fygo-2fa'));
copied(from('pam/profile/fygo-2fa'), 'debian/fygo-2fa.pam');
const install = readFileSync(into('debian/fygo-2fa.install.in'), 'utf8');
writeFileSync(into('debian/fygo-2fa.install'), install.replaceAll('@TRIPLET@', triplet));
rmSync(into('debian/fygo-2fa.install.in'));
writeFileSync(into('debian/changelog'), changelog());
