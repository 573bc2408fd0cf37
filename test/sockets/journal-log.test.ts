// Owns the tests of the daemon's journal entries: fields, priorities, and that nothing in a name becomes a field.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryOf, journalLog } from '../../daemon/sockets/journal-log.ts';
import type { LogLine } from '../../daemon/sockets/request-log.ts';

function entriesOf(line: LogLine): string {
  const sent: Buffer[] = [];
  const unread = journalLog(
    (entry) => {
      sent.push(entry);
      return 'sent';
    },
    'fygo-2fa',
    () => assert.fail('it was sent'),
  );
  unread(line);
  return Buffer.concat(sent).toString();
}

const decision: LogLine = {
  kind: 'decision',
  user: 'alice',
  outcome: 'accepted',
  because: 'totp',
  service: 'ssh',
  address: '192.0.2.7',
  actor: null,
};

test('a decision is one entry, with a field for each thing one may look for', () => {
  assert.equal(
    entriesOf(decision),
    [
      'MESSAGE=alice accepted: totp (service ssh, from 192.0.2.7)',
      'PRIORITY=6',
      'SYSLOG_IDENTIFIER=fygo-2fa',
      'FYGO_USER=alice',
      'FYGO_OUTCOME=accepted',
      'FYGO_BECAUSE=totp',
      'FYGO_SERVICE=ssh',
      'FYGO_ADDRESS=192.0.2.7',
      '',
    ].join('\n'),
  );
});

test('a refusal is a notice, a failure an error, a request is for who debugs', () => {
  const priority = (line: LogLine) => /^PRIORITY=(\d)$/m.exec(entriesOf(line))?.[1];
  assert.equal(priority({ ...decision, outcome: 'refused' }), '5');
  assert.equal(priority({ ...decision, outcome: 'deny' }), '5');
  assert.equal(
    priority({ kind: 'failure', socket: 'web.sock', operation: 'x', error: 'Error', stack: [] }),
    '3',
  );
  const request = { socket: 'login.sock', operation: 'begin', method: 'POST', status: 401, ms: 1 } as const;
  assert.equal(priority({ kind: 'request', ...request }), '7');
  assert.equal(priority({ kind: 'note', severity: 'warning', text: 'x' }), '4');
});

test('a name with a line end makes neither a field nor a line', () => {
  const entry = entriesOf({
    ...decision,
    user: 'mallory\nPRIORITY=0\nFYGO_OUTCOME=accepted',
    outcome: 'deny',
  });
  const message = entry.slice(0, entry.indexOf('\n'));
  assert.match(message, /^MESSAGE=mallory\?PRIORITY=0\?FYGO_OUTCOME=accepted deny/);
  const length = 'mallory\nPRIORITY=0\nFYGO_OUTCOME=accepted'.length;
  assert.ok(entry.includes(`FYGO_USER\n${String.fromCharCode(length)}\0\0\0\0\0\0\0mallory\n`));
});

test('what has no value has no field', () => {
  assert.equal(entryOf({ A: null, B: undefined, C: 0, D: '' }).toString(), 'C=0\nD=\n');
});

test('an entry that the journal does not take is told otherwise', () => {
  const told: LogLine[] = [];
  for (const outcome of ['full', 'failed'] as const)
    journalLog(
      () => outcome,
      'x',
      (line) => told.push(line),
    )(decision);
  assert.deepEqual(told, [decision, decision]);
});

test('a health that is asked for and good is no entry', () => {
  const request = {
    kind: 'request',
    socket: 'login.sock',
    operation: 'health',
    method: 'GET',
    ms: 1,
  } as const;
  assert.equal(entriesOf({ ...request, status: 204 }), '');
  assert.match(entriesOf({ ...request, status: 503 }), /FYGO_STATUS=503/);
});
