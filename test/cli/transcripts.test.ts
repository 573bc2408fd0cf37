// Owns the proof that the command line says what its transcripts say: each file is a screen of 80 columns.

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { columns } from '../../daemon/cli/text.ts';
import { fakeDaemon, problem, type Script, type Typing, type } from './bench.ts';
import { besieged, clock, degraded, healthy, well } from './canned.ts';
import { mailDeclined, mailOff, mailRefusing } from './canned-mail.ts';

/** With UPDATE_TRANSCRIPTS=1 the files are written instead: then read the difference. */
const update = process.env.UPDATE_TRANSCRIPTS === '1';
const FOLDER = join(import.meta.dirname, 'transcripts');

interface Scene {
  readonly argv: string;
  readonly daemon?: Script | 'absent';
  readonly typing?: Typing;
}

const tty = (...input: string[]): Typing => ({ tty: true, input });

const ill: Script = { ...well, status: () => ({ status: 200, body: degraded }) };
const down: Script = {
  ...well,
  status: () => ({ status: 200, body: { ...healthy, state: 'down', line: 'the master key is missing' } }),
};
const siege: Script = { ...well, user: () => ({ status: 200, body: besieged }) };
const raced: Script = {
  ...well,
  setPolicy: () =>
    problem(
      412,
      'policy-changed',
      'Somebody else changed the policy in the meantime; this change was not made.',
      'Look at it, and decide again: fygo-2fa policy show',
    ),
};

const SCENES: Readonly<Record<string, Scene>> = {
  'status-healthy': { argv: 'status', typing: tty() },
  'status-degraded': { argv: 'status', daemon: ill },
  'status-degraded-json': { argv: 'status --json', daemon: ill },
  'status-down': { argv: 'status', daemon: down },
  'status-unreachable': { argv: 'status', daemon: 'absent' },
  'status-unreachable-json': { argv: 'status --json', daemon: 'absent' },
  'status-ascii': { argv: 'status', daemon: ill, typing: { env: { LANG: 'C' } } },
  'mail-show': { argv: 'mail show' },
  'mail-show-off': { argv: 'mail show', daemon: { ...well, ...mailOff } },
  'mail-show-refusing': { argv: 'mail show', daemon: { ...well, ...mailRefusing } },
  'mail-set': { argv: 'mail set --provider gmail --from nas@gmail.com --password', typing: tty('right') },
  'mail-set-script': {
    argv: 'mail set --provider gmail --from nas@gmail.com --password --json',
    typing: { input: ['right'] },
  },
  'mail-set-no-from': { argv: 'mail set --provider gmail' },
  'mail-set-bad-port': { argv: 'mail set --provider smtp --from a@example.com --host h --port 70000' },
  'mail-set-none': { argv: 'mail set --provider none' },
  'mail-set-given-up': {
    argv: 'mail set --provider gmail --from nas@gmail.com --password',
    typing: tty(),
  },
  'mail-test': { argv: 'mail test alice@example.com' },
  'mail-test-refused': { argv: 'mail test bob@example.com' },
  'mail-test-nobody': { argv: 'mail test' },
  'mail-authorise': { argv: 'mail authorise' },
  'mail-authorise-json': { argv: 'mail authorise --json' },
  'mail-authorise-declined': { argv: 'mail authorise', daemon: { ...well, ...mailDeclined } },
  'help-mail-set': { argv: 'mail set --help' },
  'clock-show': { argv: 'clock show' },
  'clock-alarm': {
    argv: 'clock show',
    daemon: {
      ...well,
      clock: () => ({ status: 200, body: { ...clock, state: 'wrong', alarm: 'jumped', servers: [] } }),
    },
  },
  'clock-check-json': { argv: 'clock check --json' },
  'clock-set': { argv: 'clock set' },
  'clock-set-forced': { argv: 'clock set --offset=-3600 --force' },
  'clock-set-half': { argv: 'clock set --offset 90' },
  'clock-set-nonsense': { argv: 'clock set --offset soon --force' },
  'clock-auto': { argv: 'clock auto on' },
  'user-list': { argv: 'user list' },
  'user-list-unreachable': { argv: 'user list', daemon: 'absent' },
  'user-list-unreachable-json': { argv: 'user list --json', daemon: 'absent' },
  'user-show': { argv: 'user show alice' },
  'user-show-besieged': { argv: 'user show alice', daemon: siege },
  'user-show-unknown': { argv: 'user show bbo' },
  'user-show-unknown-json': { argv: 'user show bbo --json' },
  'user-show-no-name': { argv: 'user show' },
  'user-show-bad-name': { argv: 'user show a:b' },
  'user-enrol': { argv: 'user enrol bob', typing: tty('111111', '123456') },
  'user-enrol-no-colour': { argv: 'user enrol bob', typing: { ...tty('123456'), env: { NO_COLOR: '1' } } },
  'user-enrol-narrow': { argv: 'user enrol bob', typing: { ...tty('123456'), columns: 44 } },
  'user-enrol-in-vain': { argv: 'user enrol bob', typing: { ...tty('1', '', '3'), columns: 44 } },
  'user-enrol-given-up': { argv: 'user enrol bob', typing: { ...tty(), columns: 44 } },
  'user-enrol-already': { argv: 'user enrol alice' },
  'user-enrol-json': { argv: 'user enrol bob --json', typing: { input: ['123456'] } },
  'user-enrol-json-wrong': { argv: 'user enrol bob --json', typing: { input: ['111111', '123456'] } },
  'user-reset': { argv: 'user reset alice --reason lost', typing: tty('alice') },
  'user-reset-mistyped': { argv: 'user reset alice --reason lost', typing: tty('bob') },
  'user-reset-script': { argv: 'user reset alice --reason lost' },
  'user-reset-failures': { argv: 'user reset alice --failures --reason siege' },
  'user-reset-account': { argv: 'user reset alice --account --reason left --yes --json' },
  'user-reset-no-reason': { argv: 'user reset alice' },
  'user-devices': { argv: 'user devices alice' },
  'user-devices-revoke': { argv: 'user devices alice --revoke 3' },
  'user-devices-none': { argv: 'user devices bob' },
  'user-devices-which': { argv: 'user devices alice --revoke laptop' },
  'user-pass': { argv: 'user pass bob --reason phone' },
  'user-recovery-codes': { argv: 'user recovery-codes bob' },
  'user-recovery-codes-text': { argv: 'user recovery-codes bob --text' },
  'user-security-email': { argv: 'user security-email alice' },
  'user-security-email-set': { argv: 'user security-email alice alice@example.com' },
  'user-security-email-set-json': { argv: 'user security-email alice alice@example.com --json' },
  'user-security-email-confirm': { argv: 'user security-email alice --confirm 7K3M-9QXA' },
  'user-security-email-wrong': { argv: 'user security-email alice --confirm 0000-0000' },
  'user-security-email-both': { argv: 'user security-email alice a@example.com --remove' },
  'user-security-email-remove': { argv: 'user security-email bob --remove' },
  'policy-show': { argv: 'policy show' },
  'policy-set': { argv: 'policy set --scope all' },
  'policy-set-preview': { argv: 'policy set --scope all --grace 0 --preview' },
  'policy-set-raced': { argv: 'policy set --scope all --grace 3', daemon: raced },
  'policy-set-bad-scope': { argv: 'policy set --scope some' },
  audit: { argv: 'audit' },
  'audit-more': { argv: 'audit --limit 1' },
  'audit-json': { argv: 'audit --json --limit 2' },
  'audit-jsonl': { argv: 'audit --jsonl' },
  'audit-bad-since': { argv: 'audit --since 2026-02-30' },
  help: { argv: 'help' },
  'help-user': { argv: 'help user' },
  'help-user-reset': { argv: 'user reset --help' },
  'usage-nothing': { argv: '' },
  'usage-command': { argv: 'stauts' },
  'usage-subcommand': { argv: 'user enroll bob' },
  'usage-group': { argv: 'user' },
  'usage-flag': { argv: 'audit --sicne 3d' },
  'usage-value': { argv: 'audit --since' },
  'usage-flag-json': { argv: 'audit --sicne 3d --json' },
  version: { argv: 'version' },
};

for (const [name, scene] of Object.entries(SCENES))
  test(`the screen of ${name}`, async () => {
    await using daemon = await fakeDaemon(scene.daemon === 'absent' ? {} : (scene.daemon ?? well));
    const root = scene.daemon === 'absent' ? '/nowhere' : daemon.root;
    const words = scene.argv.split(' ').filter((word) => word !== '');
    const { code, screen } = await type(words.length === 0 ? [] : ['--root', root, ...words], scene.typing);
    const shown = screen.replaceAll(daemon.root, '/nowhere').replaceAll('\x1b', '␛');
    const transcript = `$ fygo-2fa ${scene.argv}\n${shown}[exit ${code}]\n`;
    const file = join(FOLDER, `${name}.txt`);
    if (update) await writeFile(file, transcript);
    assert.equal(transcript, await readFile(file, 'utf8'));
    if (scene.argv.includes('--json')) return;
    const most = Math.max(...stripVTControlCharacters(screen).split('\n').map(columns));
    assert.ok(most <= (scene.typing?.columns ?? 80), `a line is ${most} columns wide`);
  });

after(async () => {
  const known = Object.keys(SCENES).map((name) => `${name}.txt`);
  assert.deepEqual((await readdir(FOLDER)).sort(), known.sort(), 'each transcript has its scene');
});
