// Owns the machines that packages are installed on: Debian, booted by systemd-nspawn on an overlay, so that each is a
// clean one.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
// biome-ignore lint/plugin: nothing tells from outside when PID 1 of a machine is there.
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..', '..');
const BASE = join(ROOT, '.dev/machines/amd64');
export const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
export const PACKAGE = join(ROOT, `dist/fygo-2fa_${VERSION}_amd64.deb`);

/** Why these tests cannot run here; `false` where they can. */
export function missing(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  const absent = [BASE, PACKAGE, '/usr/bin/systemd-nspawn'].filter((file) => !existsSync(file));
  return absent.length > 0 ? `needs ${absent.join(', ')} (scripts/test-package)` : false;
}

/** The same package with another version number. */
export function asVersion(t: TestContext, version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'fygo-package-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync('dpkg-deb', ['-R', PACKAGE, join(folder, 'tree')]);
  execFileSync('sed', [
    '-i',
    `s/^Version: .*/Version: ${version}/; s/gt '[^']*'/gt '${version}'/; s/and ${VERSION} is older/and ${version} is older/`,
    join(folder, 'tree/DEBIAN/control'),
    join(folder, 'tree/DEBIAN/preinst'),
  ]);
  const deb = join(folder, `fygo-2fa_${version}_amd64.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '-b', join(folder, 'tree'), deb]);
  return deb;
}

export interface Said {
  readonly code: number | null;
  readonly out: string;
}

export class Machine {
  readonly root: string;
  readonly #folder: string;
  #nspawn: ChildProcess | undefined;
  #leader = '';

  private constructor(folder: string) {
    this.#folder = folder;
    this.root = join(folder, 'root');
  }

  /** Boots one; it is powered off and forgotten with the test. @param size what it may write altogether */
  static async booted(t: TestContext, size = '1G'): Promise<Machine> {
    const machine = new Machine(mkdtempSync(join(tmpdir(), 'fygo-machine-')));
    t.after(() => machine.#forget());
    machine.#mount(size);
    await machine.#boot();
    return machine;
  }

  #mount(size: string): void {
    const at = (name: string) => join(this.#folder, name);
    mkdirSync(at('disk'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'fygo-machine', at('disk')]);
    for (const name of ['disk/upper', 'disk/work', 'root']) mkdirSync(at(name));
    const layers = `lowerdir=${BASE},upperdir=${at('disk/upper')},workdir=${at('disk/work')}`;
    execFileSync('mount', ['-t', 'overlay', '-o', layers, 'fygo-machine', this.root]);
  }

  async #boot(): Promise<void> {
    const words = [
      '--quiet',
      '--boot',
      '--register=no',
      '--keep-unit',
      '--private-network',
      '--console=pipe',
    ];
    const name = `--machine=fygo-${process.pid}`;
    this.#nspawn = spawn('systemd-nspawn', ['-D', this.root, name, ...words], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
    });
    const { pid } = this.#nspawn;
    const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const answers = async () => /running|degraded/.test((await this.run('systemctl is-system-running')).out);
    for (let tries = 0; tries < 600; tries++) {
      this.#leader = children();
      if (this.#leader !== '' && (await answers())) return;
      await pause(100);
    }
    assert.fail('the machine did not boot within a minute');
  }

  /** Runs a shell script as root in the machine. @param answer makes its standard input from its first line */
  async run(script: string, answer: (line: string) => string = () => ''): Promise<Said> {
    const words = ['-t', this.#leader, '-m', '-u', '-i', '-n', '-p', '--', 'env', '-i'];
    const env = [
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      'HOME=/root',
      'LC_ALL=C.UTF-8',
      'DEBIAN_FRONTEND=noninteractive',
    ];
    const child = spawn('nsenter', [...words, ...env, 'sh', '-c', script], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        if (out.includes('\n') && child.stdin.writable) child.stdin.end(answer(out));
      });
    child.stdin.on('error', () => child.stdin.destroy());
    const [code] = await once(child, 'close');
    return { code, out };
  }

  /** Runs a script that has to succeed; what it printed. */
  async does(script: string, answer?: (line: string) => string): Promise<string> {
    const { code, out } = await this.run(script, answer);
    assert.equal(code, 0, `${script}\n${out}`);
    return out;
  }

  /** Puts a file to /run/package.deb. /run of a machine is its own: only from inside it is seen. */
  async bring(deb: string): Promise<void> {
    execFileSync('cp', [deb, `/proc/${this.#leader}/root/run/package.deb`]);
  }

  /** Brings a package in and runs `dpkg -i` on it. */
  async install(deb: string): Promise<Said> {
    await this.bring(deb);
    return this.run('dpkg -i /run/package.deb; code=$?; rm -f /run/package.deb; exit $code');
  }

  /** The lines of PAM that name the module, by file; `everywhere`: in the profile too, that nobody reads unless it is included. */
  async pamLines(everywhere = false): Promise<string> {
    const but = everywhere ? '' : '--exclude=fygo-2fa';
    const { out } = await this.run(`grep -rsE '^[^#]*(pam_fygo_2fa|include fygo)' /etc/pam.d ${but}`);
    return out;
  }

  async #forget(): Promise<void> {
    const child = this.#nspawn;
    if (child && child.exitCode === null) {
      const ended = once(child, 'exit');
      // With its first process a machine is gone, and systemd-nspawn leaves; without systemd-nspawn it would run on.
      if (this.#leader === '') child.kill('SIGKILL');
      else process.kill(Number(this.#leader), 'SIGKILL');
      await ended;
    }
    for (const name of ['root', 'disk'])
      execFileSync('umount', ['--lazy', join(this.#folder, name)], { stdio: 'ignore' });
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
