// Owns the proof that the QR codes can be scanned: rasterised on both themes, and photographed off a terminal.

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { promisify, stripVTControlCharacters } from 'node:util';
import { otpauthUri } from '../../daemon/enrolment/otpauth.ts';
import { qrAnsi, qrColumns, qrSvg, qrText } from '../../daemon/enrolment/qr.ts';

const run = promisify(execFile);
const ON_BLACK = new RegExp(`${'\x1b'}\\[48;5;16m( +)`, 'g');
const URI = otpauthUri({ issuer: 'Fygo NAS', account: 'alice@fygo' }, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
const LONG = otpauthUri(
  { issuer: 'Fygo NAS', account: '张伟@dachboden-nas.example.org' },
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
);

/** The reason to skip, or false: each tool is a Debian package. */
function missing(tools: Readonly<Record<string, string>>): string | false {
  const absent = Object.entries(tools).filter(([tool]) => spawnSync('which', [tool]).status !== 0);
  return absent.length > 0 && `needs the Debian packages ${absent.map(([, name]) => name).join(', ')}`;
}

const READER = { zbarimg: 'zbar-tools' };
const RASTER = { ...READER, 'rsvg-convert': 'librsvg2-bin' };
const SCREEN = { ...READER, Xvfb: 'xvfb', xterm: 'xterm', import: 'imagemagick', 'fc-match': 'fontconfig' };

/** What a phone's camera would read from the picture; the empty string when there is nothing to read. */
async function scan(picture: string): Promise<string> {
  const { stdout } = await run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqr.enable', picture]).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  return stdout.trim();
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fygo-qr-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const uri of [URI, LONG])
  for (const page of ['white', 'black'])
    test(`the SVG of ${uri.length} characters is read on a ${page} page`, { skip: missing(RASTER) }, () =>
      inFolder(async (folder) => {
        const svg = join(folder, 'qr.svg');
        const png = join(folder, 'qr.png');
        await writeFile(svg, await qrSvg(uri));
        await run('rsvg-convert', ['--width', '400', '--background-color', page, '--output', png, svg]);
        assert.equal(await scan(png), uri);
      }),
    );

test('the SVG brings its own white ground, a name, and nothing from outside', async () => {
  const svg = await qrSvg(URI);
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  assert.ok(svg.includes(`<rect width="${size}" height="${size}" fill="#fff"/>`));
  assert.match(svg, /role="img" aria-label="[^"]+".*<title>[^<]+<\/title>/);
  assert.match(svg, /shape-rendering="crispEdges"/);
  assert.doesNotMatch(
    svg.replace('xmlns="http://www.w3.org/2000/svg"', ''),
    /href|url\(|https?:|<script|style/,
  );
  assert.ok(!svg.includes('ABCDEFGH'), 'the secret must not be readable in the markup');
  const starts = [...svg.matchAll(/M(\d+) (\d+)h(\d+)/g)].map((run) => run.slice(1).map(Number));
  assert.equal(Math.min(...starts.map(([x = 0]) => x)), 4);
  assert.equal(Math.min(...starts.map(([, y = 0]) => y)), 4);
  assert.equal(Math.max(...starts.map(([x = 0, , length = 0]) => x + length)), size - 4);
});

test('text and terminal form hold the same modules, fit 80 columns and leave a line for the prompt', async () => {
  const text = (await qrText(URI)).trimEnd().split('\n');
  assert.equal(await qrColumns(URI), 45);
  assert.ok(text.every((row) => row.length === 45));
  assert.ok(text.length < 24, `${text.length} rows do not leave a line of 24 for the prompt`);
  assert.deepEqual(text.slice(0, 2), ['█'.repeat(45), '█'.repeat(45)]);
  assert.ok(text.every((row) => row.startsWith('████') && row.endsWith('████')));
  assert.ok((await qrColumns(LONG)) < 80);
  assert.doesNotMatch(await qrText(URI), /[^█▀▄ \n]/u);

  const ansi = (await qrAnsi(URI)).trimEnd().split('\n');
  const light = { '█': ' ', '▀': '▄', '▄': '▀', ' ': '#' } as Readonly<Record<string, string>>;
  assert.deepEqual(
    ansi.map((row) =>
      stripVTControlCharacters(row.replace(ON_BLACK, (_, spaces: string) => '#'.repeat(spaces.length))),
    ),
    text.map((row) => Array.from(row, (glyph) => light[glyph]).join('')),
  );
  assert.ok(
    ansi.every((row) => row.endsWith('\x1b[0m')),
    'a colour must not leak into the next line',
  );
});

/** Draws the file in a real xterm and hands back what a camera reads off its screen. */
async function photograph(folder: string, drawing: string, ground: string, ink: string): Promise<string> {
  const started: ChildProcess[] = [];
  const begin = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], env, timeout: 30_000 });
    started.push(child);
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  };
  try {
    const server = begin('Xvfb', ['-displayfd', '1', '-screen', '0', '900x900x24', '-nolisten', 'tcp']);
    const display = { ...process.env, DISPLAY: `:${(await server.lines.next()).value}` };
    const drawn = join(folder, 'drawn');
    await run('mkfifo', [drawn]);
    // The terminal answers "where is the cursor?" once it has worked off everything before the question.
    const script = `cat "$1"; stty raw -echo; printf '\\033[6n'; head -c 6 >/dev/null; echo drawn >"$2"; exec cat >/dev/null`;
    const font = [
      '-fa',
      'DejaVu Sans Mono',
      '-fs',
      '10',
      '-geometry',
      '80x40',
      '+sb',
      '-bg',
      ground,
      '-fg',
      ink,
    ];
    begin('xterm', [...font, '-e', 'sh', '-c', script, 'sh', drawing, drawn], {
      ...display,
      LC_ALL: 'C.UTF-8',
    });
    assert.equal((await begin('cat', [drawn]).lines.next()).value, 'drawn');
    const picture = join(folder, 'screen.png');
    let read = '';
    // Parsed is not yet painted: the server may need another round trip or two.
    for (let attempt = 0; attempt < 5 && read === ''; attempt++) {
      await run('import', ['-window', 'root', picture], { env: display });
      read = await scan(picture);
    }
    return read;
  } finally {
    for (const child of started.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    }
  }
}

const THEMES = [
  { name: 'a dark terminal', ground: '#101010', ink: '#d0d0d0' },
  { name: 'a light terminal', ground: '#fdf6e3', ink: '#657b83' },
];

for (const { name, ground, ink } of THEMES)
  test(`the coloured code is read off ${name}`, { skip: missing(SCREEN), timeout: 60_000 }, () =>
    inFolder(async (folder) => {
      const drawing = join(folder, 'qr.ansi');
      await writeFile(drawing, await qrAnsi(URI));
      assert.equal(await photograph(folder, drawing, ground, ink), URI);
    }),
  );

test('the plain text is read off a dark terminal', { skip: missing(SCREEN), timeout: 60_000 }, () =>
  inFolder(async (folder) => {
    const drawing = join(folder, 'qr.txt');
    await writeFile(drawing, await qrText(URI));
    assert.equal(await photograph(folder, drawing, '#101010', '#d0d0d0'), URI);
  }),
);
