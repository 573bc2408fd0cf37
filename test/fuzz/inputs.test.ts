// Owns the fuzzing of everything that reads what others wrote: requests, configuration, backups, time, the roster.

import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { parseRoster } from '../../daemon/accounts/roster.ts';
import { closeBackup, openBackup } from '../../daemon/backup/file.ts';
import { type Asked, judgeExchange, type Packet, sentAs } from '../../daemon/clock/exchange.ts';
import { loadConfig } from '../../daemon/config.ts';
import { Fault, type FaultCode } from '../../daemon/kernel/fault.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { shaped } from '../../daemon/sockets/shape.ts';
import { adminContract } from '../../daemon/wire/admin.ts';
import type { Contract } from '../../daemon/wire/contract.ts';
import { loginContract } from '../../daemon/wire/login.ts';
import { readTimeReport } from '../../daemon/wire/time.ts';
import { webContract } from '../../daemon/wire/web.ts';

/** Inputs for each target; FYGO_FUZZ asks for more, FYGO_SEED for others. */
const INPUTS = Number(process.env.FYGO_FUZZ ?? 5_000);
const SEED = Number(process.env.FYGO_SEED ?? 20_261_124);
/** What may be left on the heap after a target, bytes: what it read must be gone. */
const MOST_LEFT = 48 * 1_048_576;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Whatever is thrown has to be a Fault with one of these codes. */
function faultOnly(codes: readonly FaultCode[], work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    assert.ok(codes.includes(error.code), error.code);
  }
}

function fuzz(name: string, property: fc.IRawProperty<unknown>, inputs = INPUTS): void {
  test(`${inputs} inputs: ${name}`, async (t) => {
    collect();
    const before = process.memoryUsage().heapUsed;
    await fc.assert(property as fc.IAsyncProperty<unknown>, { numRuns: inputs, seed: SEED });
    collect();
    const left = process.memoryUsage().heapUsed - before;
    t.diagnostic(`${inputs} inputs, ${(left / 1_048_576).toFixed(1)} MiB left on the heap`);
    assert.ok(left < MOST_LEFT, `${left} bytes are left`);
  });
}

/** JSON that looks like a request as often as not: names from the contracts, with any value. */
const names = (contracts: readonly Contract[]) => [
  ...new Set(
    contracts.flatMap(
      (contract) => JSON.stringify(contract).match(/(?<="key":"|")[a-zA-Z]{2,20}(?=")/g) ?? [],
    ),
  ),
];
const CONTRACTS: readonly Contract[] = [loginContract, webContract, adminContract];
const key = fc.oneof(fc.constantFrom(...names(CONTRACTS)), fc.string({ maxLength: 12 }));
const leaf = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('totp', 'alice', '123456', '2026-01-01T00:00:00Z', 'A'.repeat(43), '__proto__', ''),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const request = fc.oneof(
  fc.dictionary(
    key,
    fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(key, leaf, { maxKeys: 3 })),
    {
      maxKeys: 8,
    },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
const schemas = CONTRACTS.flatMap((contract) =>
  Object.values(contract).flatMap(({ body, query, params }) =>
    [body, query, params].filter((one) => one !== undefined),
  ),
);

fuzz(
  'a request to any operation is understood or malformed, and is not repeated in the answer',
  fc.property(fc.constantFrom(...schemas), request, (schema, value) => {
    faultOnly(['malformed-request'], () => shaped(schema, value, 'body'));
  }),
);

const CONFIG =
  '[clock]\nservers = ["a", "b", "c:124", "d"]\n[limits]\nconnections = 64\n[brand]\nissuer = "Fygo"\n';
const pieces = fc.oneof(
  fc.constantFrom(
    '[clock]\n',
    'servers',
    ' = ',
    '[',
    ']',
    '"',
    '\n',
    '{',
    '}',
    '#',
    '1',
    '-',
    '.',
    '\u0000',
    '"""',
    "'",
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const edited = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.nat(12), fc.array(pieces, { maxLength: 6 }))
    .map(([at, gone, put]) => text.slice(0, at) + put.join('') + text.slice(at + gone));

fuzz(
  'a configuration is read or its problems are told',
  fc.asyncProperty(
    fc.oneof(
      edited(CONFIG),
      fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
    ),
    async (text) => {
      await loadConfig(text, 'config.toml').catch((error: unknown) => {
        if (!(error instanceof Fault)) throw error;
        assert.equal(error.code, 'config-invalid');
      });
    },
  ),
);

const LOCK = { kind: 'board', key: createSecretKey(Buffer.alloc(32, 7)) } as const;
const OPEN = closeBackup(
  { schema: 2, key: null, floor: 1, tables: { policy: [{ id: 1, scope: 'all' }] }, sequences: {} },
  { takenAt: '2026-11-24T12:00:00Z', program: '0' },
  { kind: 'open' },
  systemRandom,
).toString('latin1');

fuzz(
  'a backup file opens whole or is refused with a reason',
  fc.property(
    fc.oneof(
      edited(OPEN),
      fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => `fygo-2fa backup 1\n${Buffer.from(bytes).toString('latin1')}`),
      edited(OPEN.replace('"open"', '"board"').replace('"sha256"', '"iv"')),
    ),
    fc.boolean(),
    (text, board) => {
      faultOnly(['backup-invalid', 'backup-locked', 'backup-too-new'], () =>
        openBackup(Buffer.from(text, 'latin1'), board ? LOCK : { kind: 'open' }),
      );
    },
  ),
);

const WALL = Date.UTC(2026, 11, 1);
const number = fc.oneof(fc.integer(), fc.double(), fc.integer({ min: 0, max: 16 }), fc.constant(WALL));
const packet: fc.Arbitrary<Packet> = fc.record({
  leapIndicator: fc.nat(3),
  version: fc.nat(7),
  mode: fc.oneof(fc.constant(4), fc.nat(7)),
  stratum: fc.nat(255),
  precision: fc.nat(255),
  referenceId: fc.oneof(fc.string({ maxLength: 12 }), fc.nat().map(String)),
  rootDelay: number,
  rootDispersion: number,
  origin: fc.oneof(fc.constant(sentAs(WALL)), number),
  receive: number,
  transmit: number,
});
const ASKED: Asked = { sentElapsed: 50_000, gotElapsed: 50_040, wallBefore: WALL, wallAfter: WALL + 1 };

fuzz(
  'a reply to a question for the time is finite and bounded, or does not count',
  fc.property(packet, (reply) => {
    const judged = judgeExchange(reply, ASKED);
    if (judged.outcome !== 'time') return;
    // The round trip took 40 ms; reading in milliseconds may make a server seem to go back by 2.
    assert.ok([judged.epoch, judged.delay, judged.bound].every(Number.isFinite));
    assert.ok(judged.bound >= 0 && judged.delay >= 0 && judged.delay <= 42);
  }),
);

fuzz(
  'what the time helper answers is a report or nothing',
  fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(16), (answer, asked) => {
    readTimeReport(answer, asked);
  }),
);

fuzz(
  'a roster is read, and authentic only as it was written',
  fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
    assert.equal(
      parseRoster(`fygo-2fa roster 1\n${text}`, createSecretKey(Buffer.alloc(32, 1))).authentic,
      false,
    );
    parseRoster(text, null);
  }),
);
