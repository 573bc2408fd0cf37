// Owns a booted machine: an overlay over the root file system, the project installed in it, systemd started, all gone afterwards.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type Cleaner, receiver } from '../native/datagrams.ts';
import { KEPT, PROJECT, rootfs } from './rootfs.ts';

/** Why no machine can be booted here; `false` where one can. */
export function lacking(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  const absent = ['/usr/bin/mmdebstrap', '/usr/bin/systemd-nspawn', '/usr/bin/nsenter'].filter(
    (program) => !existsSync(program),
  );
  return absent.length > 0 ? `needs ${absent.join(', ')}` : false;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export class Machine {
  /** The machine's files, as the host sees them. */
  readonly root: string;
  readonly #folder: string;
  #nspawn: ChildProcess | undefined;
  #leader = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.root = join(folder, 'root');
  }

  /** The project installed, nothing started. */
  static installed(t: Cleaner): Machine {
    const lower = rootfs();
    const machine = new Machine(mkdtempSync(join(KEPT, 'machine-')));
    t.after(() => machine.#remove());
    const [upper, work] = ['upper', 'work'].map((name) => join(machine.#folder, name));
    for (const path of [upper, work, machine.root]) mkdirSync(path ?? '');
    const layers = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, machine.root]);
    execFileSync(join(PROJECT, 'scripts', 'install'), [machine.root], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    mkdirSync(join(machine.root, 'opt/test'));
    for (const file of ['machine/ntp.py', 'machine/try.sh', 'machine/load.mjs', 'scenarios/person.py']) {
      const name = file.split('/').at(-1) ?? '';
      copyFileSync(join(PROJECT, 'test', file), join(machine.root, 'opt/test', name));
    }
    machine.write('/etc/systemd/system/ntp.service', '[Service]\nExecStart=python3 /opt/test/ntp.py\n');
    machine.write(
      '/etc/systemd/system/fygo-2fa-time.service.d/test.conf',
      '[Unit]\nWants=ntp.service\nAfter=ntp.service\n',
    );
    machine.write(
      '/etc/fygo-2fa/config.toml',
      '[clock]\nservers = ["127.0.0.11", "127.0.0.12", "127.0.0.13", "127.0.0.14"]\n[accounts]\nadministrator_groups = ["sudo"]\n',
    );
    return machine;
  }

  /** The project installed and everything started. */
  static async booted(t: Cleaner): Promise<Machine> {
    const machine = Machine.installed(t);
    await machine.boot();
    return machine;
  }

  /** Starts it, with a loopback network of its own, and waits until systemd has started all there is to start. */
  async boot(): Promise<void> {
    const cleanups: (() => unknown)[] = [];
    const heard = await receiver({ after: (work) => cleanups.push(work) });
    const name = `--machine=fygo-${this.#folder.split('-').at(-1)}`;
    const options = [
      name,
      '--boot',
      '--register=no',
      '--keep-unit',
      '--private-network',
      '--notify-ready=yes',
    ];
    this.#nspawn = spawn(
      'systemd-nspawn',
      ['--quiet', '-D', this.root, ...options, '--console=pipe', '--link-journal=no'],
      { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NOTIFY_SOCKET: heard.path } },
    );
    const left = once(this.#nspawn, 'exit').then(() => assert.fail('systemd-nspawn left'));
    left.catch(() => {});
    let said = '';
    while (!/^READY=1$/m.test(said)) said += `${await Promise.race([heard.next(), left])}\n`;
    this.#leader = Number(/^X_NSPAWN_LEADER_PID=(\d+)$/m.exec(said)?.[1]);
    for (const work of cleanups) await work();
    this.run('systemctl is-system-running --wait');
  }

  async powerOff(): Promise<void> {
    if (this.#nspawn === undefined || this.#nspawn.exitCode !== null) return;
    const ended = once(this.#nspawn, 'exit');
    this.#nspawn.kill('SIGTERM');
    await ended;
  }

  /** Runs a command line inside, as root. */
  run(command: string, input = ''): Ran {
    const { status, stdout, stderr } = spawnSync('nsenter', this.#words(command), {
      input,
      encoding: 'utf8',
      timeout: 120_000,
    });
    return { code: status ?? -1, out: stdout, err: stderr };
  }

  /** The same without waiting. */
  start(command: string): ChildProcess {
    return spawn('nsenter', this.#words(command), { stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** What it printed, without the last line end. @throws AssertionError where it failed */
  ok(command: string, input = ''): string {
    const { code, out, err } = this.run(command, input);
    assert.equal(code, 0, `${command}: ${out}${err}`);
    return out.trimEnd();
  }

  /** A property of a unit. */
  property(unit: string, name: string): string {
    return this.ok(`systemctl show --value -p ${name} ${unit}`);
  }

  write(path: string, text: string, mode = 0o644): void {
    const file = join(this.root, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text, { mode });
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  #words(command: string): string[] {
    return ['-t', String(this.#leader), '-m', '-u', '-i', '-n', '-p', '--', 'sh', '-c', command];
  }

  async #remove(): Promise<void> {
    await this.powerOff();
    spawnSync('umount', ['-l', this.root]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The machine that all tests of a file share, and what is done to it before and after it is booted. */
export function shared(plan: {
  readonly installed?: (machine: Machine) => void;
  readonly booted?: (machine: Machine) => unknown;
}): { readonly machine: Machine } {
  const cleanups: (() => unknown)[] = [];
  let machine: Machine | undefined;
  before(async () => {
    if (lacking()) return;
    machine = Machine.installed({ after: (work) => cleanups.push(work) });
    plan.installed?.(machine);
    await machine.boot();
    await plan.booted?.(machine);
  });
  after(async () => {
    for (const work of cleanups.reverse()) await work();
  });
  return {
    get machine() {
      assert.ok(machine, 'the machine has not been booted');
      return machine;
    },
  };
}

/** Looks again and again, until it is so. @throws AssertionError where it is not in time */
export async function eventually(what: string, check: () => boolean, withinMs: number): Promise<void> {
  const deadline = AbortSignal.timeout(withinMs);
  while (!check()) {
    assert.ok(!deadline.aborted, `${what}: not within ${withinMs} ms`);
    await once(AbortSignal.timeout(250), 'abort');
  }
}
