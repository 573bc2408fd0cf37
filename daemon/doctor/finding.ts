// Owns what a finding of `fygo-2fa doctor` is. Pure.

export interface Finding {
  readonly code: string;
  /** `note`: worth knowing, and nothing to do. */
  readonly severity: 'critical' | 'warning' | 'note';
  readonly text: string;
  readonly hint: string;
}

/** sysexits have no word for it: 0 nothing to do, 1 something is not as it should be, 2 something critical. */
export function exitOf(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ severity }) => severity === 'critical')) return 2;
  return findings.some(({ severity }) => severity === 'warning') ? 1 : 0;
}
