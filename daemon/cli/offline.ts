// Owns what the command line may ask for a stopped daemon's board: the two things that cannot be done while it runs.

/** What a restore did, or in a dry run would do. */
export interface Restored {
  readonly takenAt: string;
  readonly program: string;
  readonly schema: number;
  readonly secrets: boolean;
  readonly sameBoard: boolean;
  readonly users: readonly string[];
  readonly codesEnded: readonly string[];
  readonly lost: readonly string[];
}

/** Made by compose.ts, which knows the store. Each refuses while the daemon runs (Fault `already-running`). */
export interface Offline {
  /** @param passphrase `null` for a file that has none @throws Fault */
  restore(root: string | null, file: Buffer, passphrase: string | null, dryRun: boolean): Promise<Restored>;
  /** @returns how many secrets were sealed anew @throws Fault */
  rotateKey(root: string | null): Promise<number>;
}
