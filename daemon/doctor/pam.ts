// Owns the judgement on the PAM stacks and sshd: who is asked for a second factor, and who is not. Pure.

import type { Finding } from './finding.ts';

/** The services of a stock Debian that log people in. */
export const SERVICES: readonly (readonly [file: string, what: string])[] = [
  ['sshd', 'SSH'],
  ['login', 'the console'],
  ['sudo', 'sudo'],
  ['su', 'su'],
];

export const PROFILE = '/etc/pam.d/fygo-2fa';

/** A line that is in force and leads to the module, directly or through the shipped profile. */
const LEADS = /^[ \t]*(?:@include[ \t]+fygo-2fa\b|-?auth\b[^#\n]*\bpam_fygo_2fa\.so\b)/m;
const OPENS = /^[ \t]*-?auth\b[^#\n]*\bpam_fygo_2fa\.so\b[^#\n]*\bunavailable=allow\b/m;

/**
 * @param files the text of each service's file and of the profile, by name; `null` where it is not there
 * @param sshd what `sshd -T` printed, `null` where there is no sshd
 */
export function pamFindings(files: ReadonlyMap<string, string | null>, sshd: string | null): Finding[] {
  const findings: Finding[] = [];
  const asks = (name: string) => LEADS.test(files.get(name) ?? '');
  const asked = SERVICES.filter(([name]) => asks(name));
  for (const [name, what] of SERVICES) {
    const text = files.get(name) ?? null;
    if (text === null || asks(name)) continue;
    findings.push({
      code: 'pam-not-asked',
      severity: 'note',
      text: `${what} does not ask for a second factor: /etc/pam.d/${name} has no line of fygo-2fa.`,
      hint: 'Where it should, add the line: docs/PAM.md.',
    });
  }
  if (asked.length > 0 && (files.get('fygo-2fa') ?? null) === null)
    findings.push({
      code: 'pam-profile-missing',
      severity: 'critical',
      text: `${PROFILE} is not there, and ${asked.map(([, what]) => what).join(', ')} include it: nobody can log in there.`,
      hint: 'Install fygo-2fa again, or take the line out of these files as long as it is missing.',
    });
  for (const [name, text] of files) {
    if (text === null || !OPENS.test(text)) continue;
    findings.push({
      code: 'pam-opens',
      severity: 'warning',
      text: `/etc/pam.d/${name} lets in without a second factor whenever the daemon does not answer (unavailable=allow).`,
      hint: 'Take that word out unless you mean it: whoever can stop the daemon needs only the password.',
    });
  }
  if (sshd !== null && asks('sshd')) findings.push(...sshdFindings(sshd));
  return findings;
}

function sshdFindings(text: string): Finding[] {
  const says = (line: string) => new RegExp(`^${line}$`, 'im').test(text);
  if (text !== '' && !says('usepam yes'))
    return [
      {
        code: 'ssh-without-pam',
        severity: 'critical',
        text: 'sshd does not use PAM, so it never asks for a second factor, whatever /etc/pam.d/sshd says.',
        hint: 'Set UsePAM yes: docs/PAM.md has the lines.',
      },
    ];
  const findings: Finding[] = [];
  if (says('kbdinteractiveauthentication no'))
    findings.push({
      code: 'ssh-cannot-ask',
      severity: 'warning',
      text: 'sshd cannot ask a question (KbdInteractiveAuthentication no): people with a second factor cannot log in by password.',
      hint: 'Set KbdInteractiveAuthentication yes and AuthenticationMethods as docs/PAM.md shows.',
    });
  if (says('passwordauthentication yes'))
    findings.push({
      code: 'ssh-password-method',
      severity: 'warning',
      text: 'sshd offers the method "password", which cannot ask twice: who has a second factor is refused there.',
      hint: 'Set PasswordAuthentication no; keyboard-interactive asks for the password as well.',
    });
  if (says('authenticationmethods any') && !says('pubkeyauthentication no'))
    findings.push({
      code: 'ssh-key-alone',
      severity: 'note',
      text: 'A key alone logs in through SSH, without a second factor: sshd asks PAM nothing then.',
      hint: 'Where it should ask: AuthenticationMethods publickey,keyboard-interactive (docs/PAM.md).',
    });
  return findings;
}
