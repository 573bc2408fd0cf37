// Owns a machine that boots from an image: QEMU without KVM, in a network of its own with nobody else in it.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Target } from '../../image/arguments.ts';
import { run } from '../pam/bench.ts';
import type { Step } from '../scenarios/ssh-server.ts';

const SSH_PORT = '2222';
/** On two busy cores; a boot takes one or two minutes. */
const PATIENCE = 480_000;

/** What lets the test in: handed over by QEMU, so that nothing of it is in the image. Root's key passes without a code. */
const LET_TEST_IN =
  'f+ /etc/ssh/sshd_config.d/00-test.conf 0644 root root - Match User root\\n  AuthenticationMethods publickey\\n\n';

export interface Plan {
  readonly target: Target;
  /** Where its files lie. */
  readonly folder: string;
  /** The disk: `-drive` or `-blockdev` arguments end in a node called `disk`. */
  readonly disk: readonly string[];
  /** What the clock of the board says at power-on; otherwise it is right. */
  readonly rtc?: string;
}

/** A medium in QEMU's own format, larger than the image below it, which is not changed. */
export function mediumFrom(image: string, folder: string, name = 'medium.qcow2'): string {
  const medium = join(folder, name);
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', image, '-F', 'raw', medium, '6G']);
  return medium;
}

export function diskOf(medium: string, format: 'qcow2' | 'raw' = 'qcow2'): readonly string[] {
  return ['-blockdev', `driver=${format},node-name=disk,file.driver=file,file.filename=${medium}`];
}

function processor(plan: Plan): readonly string[] {
  if (plan.target === 'rockchip') {
    return [
      'qemu-system-aarch64',
      '-M',
      'virt',
      '-cpu',
      'cortex-a53',
      '-bios',
      '/usr/lib/u-boot/qemu_arm64/u-boot.bin',
    ];
  }
  const variables = join(plan.folder, 'uefi.fd');
  if (!existsSync(variables)) copyFileSync('/usr/share/OVMF/OVMF_VARS_4M.fd', variables);
  return [
    'qemu-system-x86_64',
    '-M',
    'q35',
    '-drive',
    'if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd',
    '-drive',
    `if=pflash,format=raw,file=${variables}`,
  ];
}

export class Machine {
  /** What appeared on the serial console so far. */
  screen = '';
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #left: Promise<unknown>;

  /** Switches it on; it ends with the test. */
  constructor(t: TestContext, plan: Plan) {
    this.#folder = plan.folder;
    const key = join(plan.folder, 'key');
    const extra = join(plan.folder, 'extra');
    if (!existsSync(key)) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    writeFileSync(extra, LET_TEST_IN);
    const qemu = [
      ...processor(plan),
      ...['-accel', 'tcg,thread=multi', '-smp', '2', '-m', '1024', '-display', 'none', '-monitor', 'none'],
      ...[
        '-chardev',
        `stdio,id=serial,logfile=${join(plan.folder, 'serial.log')}`,
        '-serial',
        'chardev:serial',
        '-no-reboot',
        '-device',
        'virtio-rng-pci',
      ],
      ...['-rtc', `base=${plan.rtc ?? 'utc'}`],
      ...plan.disk,
      ...['-device', 'virtio-blk-pci,drive=disk,bootindex=1'],
      ...[
        '-netdev',
        `user,id=net,hostfwd=tcp:127.0.0.1:${SSH_PORT}-:22`,
        '-device',
        'virtio-net-pci,netdev=net',
      ],
      ...['-fw_cfg', `name=opt/io.systemd.credentials/ssh.authorized_keys.root,file=${key}.pub`],
      ...['-fw_cfg', `name=opt/io.systemd.credentials/tmpfiles.extra,file=${extra}`],
    ];
    const child = spawn('unshare', ['--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...qemu], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#left = once(child, 'exit');
    t.after(() => this.cut());
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.screen += text;
        child.emit('screen');
      });
    }
  }

  /** Waits until `what` has been on the serial console. */
  async seen(what: RegExp): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE);
    while (!what.test(this.screen)) {
      if (this.#child.exitCode !== null) throw new Error(`The machine left.\n${this.tail()}`);
      try {
        await Promise.race([once(this.#child, 'screen', { signal: deadline }), this.#left]);
      } catch {
        throw new Error(`Never saw ${what} on the console.\n${this.tail()}`);
      }
    }
  }

  /** Waits until logins are served: the console asks, SSH answers, the daemon has said that it is ready. */
  async up(): Promise<void> {
    await this.seen(/login: /);
    const [program = '', ...words] = this.#ssh('root', '-i', join(this.#folder, 'key'));
    const patient = [
      '-c',
      'until "$@" systemctl start fygo-2fa.service; do sleep 2; done',
      'sh',
      program,
      ...words,
    ];
    const { code, complaints } = await run('timeout', ['300', 'sh', ...patient]);
    if (code !== 0) throw new Error(`Nobody can log in.\n${complaints}${this.tail()}`);
  }

  tail(): string {
    return this.screen.split('\n').slice(-40).join('\n');
  }

  /** The words that run something in the machine's network. */
  inside(...words: readonly string[]): readonly string[] {
    return ['nsenter', '--target', String(this.#child.pid), '--net', ...words];
  }

  #ssh(user: string, ...options: readonly string[]): readonly string[] {
    const settings = [
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'LogLevel=ERROR',
      'IdentityAgent=none',
      'ConnectTimeout=120',
    ].flatMap((setting) => ['-o', setting]);
    return this.inside(
      'ssh',
      '-F',
      '/dev/null',
      '-p',
      SSH_PORT,
      ...settings,
      ...options,
      `${user}@127.0.0.1`,
    );
  }

  /** Runs a command as root with the key that QEMU handed over; `answer` is typed after the first line. */
  async root(command: string, answer?: (line: string) => string): Promise<string> {
    const [program = '', ...words] = [...this.#ssh('root', '-i', join(this.#folder, 'key')), command];
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    let answered = answer === undefined;
    if (answered) child.stdin.end();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (!answered && output.includes('\n')) {
        answered = true;
        child.stdin.end(`${answer?.(output.split('\n')[0] ?? '')}\n`);
      }
    });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`"${command}" left with ${code}: ${output}${complaints}`);
    return output;
  }

  /**
   * A person logs in through SSH from a terminal, with password and then what the steps say; gives back the screen.
   * @param look when the phone is looked at, not earlier, in ms since 1970
   */
  async login(user: string, password: string, second: readonly Step[], secret: string, look: number) {
    const command = this.#ssh(user, '-i', '/dev/null', '-o', 'PreferredAuthentications=keyboard-interactive');
    const steps = [['assword:', password], ...second];
    return run(
      '/usr/bin/python3',
      [
        join(import.meta.dirname, '../scenarios/person.py'),
        '180',
        ...command,
        '-o',
        'NumberOfPasswordPrompts=1',
        'echo came in',
      ],
      {
        input: JSON.stringify(steps),
        env: { ...process.env, PHONE_SECRET: secret, PHONE_NOT_BEFORE: String(look / 1000) },
      },
    );
  }

  async powerOff(): Promise<void> {
    await this.root('systemctl poweroff').catch(() => undefined);
    await this.#left;
  }

  /** Pulls the plug. */
  async cut(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await this.#left;
    }
  }

  /** Gives the host an address more in the machine's network, which the machine finds through its gateway. */
  addAddress(address: string): void {
    const [program = '', ...words] = this.inside('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
    execFileSync(program, words);
  }

  /** Runs a program of the host in the machine's network. */
  beside(t: TestContext, ...words: readonly string[]): ChildProcess {
    const [program = '', ...rest] = this.inside(...words);
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill());
    return child;
  }
}
