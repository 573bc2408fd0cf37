// Owns the plan of the house: what kind of file each one under daemon/ is, and what each kind may import.

export type Kind =
  | 'kernel'
  | 'wire'
  | 'native'
  | 'rule'
  | 'adapter'
  | 'store'
  | 'step'
  | 'use-case'
  | 'socket'
  | 'cli'
  | 'page'
  | 'config'
  | 'root';

interface Arrow {
  /** Kinds it may import. */
  readonly may: readonly Kind[];
  /** Kinds it may know by their types only. */
  readonly types: readonly Kind[];
  /** Modules of Node it may import; `any` leaves that to lint. */
  readonly node: readonly string[] | 'any';
  /** How often it may open a write transaction. */
  readonly writes: 0 | 1 | 'any';
  readonly because: string;
}

const ALL: readonly Kind[] = [
  'kernel',
  'wire',
  'native',
  'rule',
  'adapter',
  'store',
  'step',
  'use-case',
  'socket',
  'cli',
  'page',
  'config',
  'root',
];

/** Data flows wire → socket → use-case → rule → store. */
export const ARROWS: Readonly<Record<Kind, Arrow>> = {
  kernel: {
    may: ['kernel'],
    types: [],
    node: ['crypto', 'util'],
    writes: 0,
    because: 'the kernel is under everything, so it rests on nothing',
  },
  wire: {
    may: ['wire'],
    types: [],
    node: [],
    writes: 0,
    because: 'a contract is what others build against; it must not change with what is behind it',
  },
  native: {
    may: ['native', 'kernel'],
    types: [],
    node: 'any',
    writes: 0,
    because: 'calls into the C library are kept where one reader can check them all',
  },
  rule: {
    may: ['rule', 'kernel'],
    types: ['wire'],
    // Of net only what reads an address; lint keeps everything else of it out.
    node: ['crypto', 'util', 'assert', 'net'],
    writes: 0,
    because:
      'a rule is pure: what it decides follows from its arguments alone, so that it can be tested with any time and state',
  },
  adapter: {
    may: ['adapter', 'rule', 'kernel', 'native'],
    types: ['wire'],
    node: 'any',
    writes: 0,
    because: 'an adapter speaks with something outside; it decides nothing and keeps no state of the daemon',
  },
  store: {
    may: ['store', 'kernel', 'native'],
    types: ['rule'],
    node: 'any',
    writes: 'any',
    because: 'the store keeps what it is given; a store that decides would be a second place for rules',
  },
  step: {
    may: ['step', 'rule', 'store', 'kernel'],
    types: ['wire', 'adapter', 'config'],
    node: ['crypto', 'util'],
    writes: 0,
    because: "a step runs inside a use-case's transaction and must not open one of its own",
  },
  'use-case': {
    may: ['use-case', 'step', 'rule', 'adapter', 'store', 'wire', 'kernel'],
    types: ['config'],
    node: ['crypto', 'util'],
    writes: 1,
    because: 'a use-case is one transaction and knows no socket: the same operation is served on several',
  },
  socket: {
    may: ['socket', 'use-case', 'rule', 'wire', 'native', 'kernel'],
    types: ['config', 'step'],
    node: 'any',
    writes: 'any',
    because: 'a socket translates; what it answers comes from a use-case, never from the store',
  },
  cli: {
    may: ['cli', 'wire', 'rule', 'kernel'],
    types: [],
    node: 'any',
    writes: 'any',
    because: 'the command line speaks to admin.sock only, never to the database',
  },
  page: {
    may: ['page'],
    types: ['wire'],
    node: [],
    writes: 0,
    because: 'a page runs in the browser: of the daemon it knows the contract and nothing else',
  },
  config: {
    may: ['config', 'kernel'],
    types: [],
    node: 'any',
    writes: 0,
    because: 'the configuration is read before anything else exists',
  },
  root: {
    may: ALL,
    types: ALL,
    node: 'any',
    writes: 'any',
    because: 'one place constructs things, so it knows them all',
  },
};

/**
 * Files and folders (with `/` at the end) under daemon/; the longest that fits counts. In the folders of
 * capabilities verbs are named and the rest are rules, the strictest kind.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  'main.ts': 'root',
  'assets.ts': 'native',
  'contents.ts': 'root',
  'compose.ts': 'root',
  'compose-helper.ts': 'root',
  'places.ts': 'config',
  'config.ts': 'config',
  'config/': 'config',
  'kernel/': 'kernel',
  'wire/': 'wire',
  'native/': 'native',
  'sockets/': 'socket',
  'helpers/': 'socket',
  'store/': 'store',
  'cli/': 'cli',
  'pages/': 'page',

  'login/': 'rule',
  'login/outcome.ts': 'step',
  'login/settle.ts': 'step',
  'login/begin.ts': 'use-case',
  'login/record-denial.ts': 'use-case',
  'login/answer.ts': 'use-case',
  'login/step-up.ts': 'use-case',
  'login/step-up-by-mail.ts': 'use-case',
  'login/stored.ts': 'use-case',
  'login/redeem.ts': 'use-case',
  'login/show.ts': 'use-case',
  'login/face.ts': 'step',
  'login/by-device.ts': 'use-case',
  'login/tell.ts': 'step',
  'login/emergency-mail.ts': 'use-case',

  'verification/': 'rule',
  'verification/verify.ts': 'step',
  'verification/stored.ts': 'step',
  'verification/draw-triple.ts': 'step',

  'enrolment/': 'rule',
  'enrolment/enrol.ts': 'step',
  'enrolment/disarm.ts': 'step',
  'enrolment/own.ts': 'use-case',
  'enrolment/confirm-own.ts': 'use-case',
  'enrolment/disable.ts': 'use-case',
  'enrolment/begin.ts': 'use-case',
  'enrolment/confirm.ts': 'use-case',
  'enrolment/confirm-for-root.ts': 'use-case',
  'enrolment/remove.ts': 'use-case',

  'backup/': 'rule',
  'backup/take.ts': 'use-case',
  'backup/keep.ts': 'use-case',
  'backup/restore.ts': 'step',
  'backup/rotate.ts': 'step',

  'devices/': 'rule',
  'devices/trust.ts': 'step',
  'devices/recognise.ts': 'step',
  'devices/trust-at-login.ts': 'step',
  'devices/user-agent.ts': 'adapter',
  'devices/list.ts': 'use-case',
  'devices/revoke.ts': 'use-case',

  'recovery/': 'rule',
  'recovery/spend.ts': 'step',
  'recovery/spend-mailed.ts': 'step',
  'recovery/mail-code.ts': 'step',
  'recovery/mailbox.ts': 'step',
  'recovery/readiness.ts': 'step',
  'recovery/posted.ts': 'use-case',
  'recovery/renew.ts': 'use-case',
  'recovery/begin-reset.ts': 'use-case',
  'recovery/redeem-reset.ts': 'use-case',
  'recovery/set-security-email.ts': 'use-case',
  'recovery/confirm-security-email.ts': 'use-case',
  'recovery/remove-security-email.ts': 'use-case',
  'recovery/mail-replace-phone.ts': 'use-case',

  'policy/': 'rule',
  'policy/set.ts': 'use-case',
  'policy/preview.ts': 'use-case',
  'policy/names.ts': 'use-case',
  'policy/assess.ts': 'step',

  'accounts/': 'rule',
  'accounts/cache.ts': 'adapter',
  'accounts/child.ts': 'adapter',
  'accounts/files.ts': 'adapter',
  'accounts/nss.ts': 'adapter',
  'accounts/group-id.ts': 'adapter',
  'accounts/roster.ts': 'store',
  'accounts/roster-entries.ts': 'store',
  'accounts/reconcile.ts': 'step',
  'accounts/restored.ts': 'step',
  'accounts/check.ts': 'use-case',
  'accounts/describe.ts': 'use-case',
  'accounts/administrators.ts': 'use-case',
  'accounts/people.ts': 'use-case',
  'accounts/person.ts': 'use-case',
  'accounts/event.ts': 'use-case',
  'accounts/identify.ts': 'use-case',
  'accounts/resolve-account.ts': 'use-case',

  'mail/': 'rule',
  'mail/queue.ts': 'step',
  'mail/smtp.ts': 'adapter',
  'mail/mime.ts': 'adapter',
  'mail/outlook.ts': 'adapter',
  'mail/in-process.ts': 'adapter',
  'mail/ca-file.ts': 'adapter',
  'mail/post-office.ts': 'use-case',
  'mail/prepare.ts': 'use-case',
  'mail/take.ts': 'use-case',
  'mail/deliver.ts': 'use-case',
  'mail/settle.ts': 'use-case',
  'mail/recover.ts': 'use-case',
  'mail/record-trouble.ts': 'use-case',
  'mail/probe.ts': 'use-case',
  'mail/configure.ts': 'use-case',
  'mail/show.ts': 'use-case',
  'mail/authorise.ts': 'use-case',
  'mail/poll-authorisation.ts': 'use-case',
  'mail/test.ts': 'use-case',

  'clock/': 'rule',
  'clock/measure.ts': 'use-case',
  'clock/correct.ts': 'use-case',
  'clock/automatic.ts': 'use-case',
  'clock/accept.ts': 'use-case',
  'clock/keep-floor.ts': 'use-case',
  'clock/show.ts': 'use-case',
  'clock/sntp.ts': 'adapter',
  'clock/keeper.ts': 'adapter',
  'clock/local-time.ts': 'adapter',
  'clock/system-clock.ts': 'adapter',

  'doctor/': 'rule',
  'doctor/local-view.ts': 'adapter',

  'system/': 'adapter',
  'system/status-line.ts': 'rule',
  'system/last-login.ts': 'use-case',
  'system/proof.ts': 'socket',

  'service/': 'use-case',
  'service/parts.ts': 'step',
  'service/notify.ts': 'step',
  'service/refusals.ts': 'rule',
  'service/daily.ts': 'rule',
  'service/spare-memory.ts': 'rule',
};

/** Packages of npm, and files or folders under daemon/ that may import them. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  koa: ['sockets/'],
  'raw-body': ['sockets/'],
  valibot: ['wire/', 'sockets/', 'config/', 'cli/client.ts'],
  '@valibot/to-json-schema': ['wire/', 'sockets/'],
  preact: ['pages/'],
  otplib: ['verification/totp.ts', 'enrolment/'],
  '@noble/hashes': ['verification/sweep.ts'],
  qr: ['enrolment/qr.ts'],
  koffi: ['native/'],
  nodemailer: ['mail/smtp.ts', 'mail/mime.ts'],
  bowser: ['devices/user-agent.ts'],
  'ntp-time-sync': ['clock/sntp.ts'],
  'node-cron': ['service/jobs.ts'],
  'toml-eslint-parser': ['config.ts', 'config/'],
};

/** Modules of Node that belong to one place. */
export const NODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  'node:sqlite': ['store/'],
  'node:dns/promises': ['clock/sntp.ts', 'mail/smtp.ts'],
  'node:child_process': ['accounts/child.ts'],
};

/** Names that only these may import: each of them is a power. */
export const POWERS: readonly {
  readonly name: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly because: string;
}[] = [
  {
    name: 'admit',
    from: 'login/decision.ts',
    to: ['login/begin.ts', 'login/outcome.ts'],
    because: 'it makes the value that lets a user in',
  },
  {
    name: 'Verdict',
    from: 'kernel/verdict.ts',
    to: [
      'login/answer.ts',
      'login/decision.ts',
      'login/redeem.ts',
      'devices/recognise.ts',
      'enrolment/enrol.ts',
      'policy/requirement.ts',
      'verification/verify.ts',
    ],
    because: 'it says that somebody may come in, and only what judges may say so',
  },
  {
    name: 'wallClock',
    from: 'kernel/instant.ts',
    to: ['main.ts', 'compose.ts', 'compose-helper.ts'],
    because: 'time comes in as an argument',
  },
  {
    name: 'systemRandom',
    from: 'kernel/random.ts',
    to: ['main.ts', 'compose.ts'],
    because: 'randomness comes in as an argument',
  },
];

/** A file that is longer has more than one owner. */
export const LONGEST = 300;
