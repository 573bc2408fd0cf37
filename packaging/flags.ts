// Owns the flags of V8 that are baked into the executable. What each was measured to be worth, and what was left out, is
// in docs/DECISIONS.md.

/**
 * The code cache is made under the same flags: V8 refuses one that was made under others. NODE_OPTIONS and
 * NODE_EXTRA_CA_CERTS of whoever starts the program do not reach it.
 */
export const FLAGS: readonly string[] = [
  // The young generation: 1 MiB a half in place of 16 in a burst of logins.
  '--max-semi-space-size=1',
  // As few threads beside the main one for compiling and collecting as Node does with.
  '--v8-pool-size=0',
  // The heap grows by little in a burst of logins. Nothing is saved by it when idle.
  '--optimize-for-size',
  // A collection leaves no half-empty pages behind.
  '--compact-on-every-full-gc',
  // Lets the daemon give back what its start left behind (daemon/native/memory.ts).
  '--expose-gc',
  // A debugger that opens on a signal is a way into the process that holds the seeds.
  '--disable-sigusr1',
  // Nor does a file elsewhere decide what its cryptography is.
  '--openssl-config=/dev/null',
];
