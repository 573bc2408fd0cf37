// Owns the letters in English.

import type { Words } from './words.ts';

const PASSWORD_KNOWN =
  'If it was not you, somebody knows your password: change it now. Never pass the code on, whoever asks for it.';
const SIGN_IN =
  'If it was not you, sign in and change your password, or ask the administrator of this NAS for help at once.';
const SETTINGS =
  'If it was not you, somebody is signed in as you: change your password and look at Personal Settings, or ask the administrator of this NAS for help at once.';

export const en: Words = {
  greeting: (name) => `Hello ${name},`,
  codes: {
    'emergency-code': {
      subject: (host) => `Emergency Verification Code for ${host}`,
      opening: (host) =>
        `Somebody who knows your password is logging in to ${host} and cannot use your phone. This code completes that login:`,
      notYou: PASSWORD_KNOWN,
    },
    'password-reset-code': {
      subject: (host) => `Password reset on ${host}`,
      opening: (host) =>
        `Somebody asked to set a new password for your account on ${host}. This code allows it:`,
      notYou:
        'If it was not you, do nothing: your password stays as it is. Never pass the code on, whoever asks for it.',
    },
    'confirm-address': {
      subject: (host) => `Confirm your Security Email on ${host}`,
      opening: (host) =>
        `This address is to become the Security Email of your account on ${host}. This code confirms it:`,
      notYou: 'If you know nothing of it, do nothing: the address does not count until the code is typed in.',
    },
    'replace-phone-code': {
      subject: (host) => `Code to replace your phone on ${host}`,
      opening: (host) =>
        `Somebody who is signed in as you on ${host} wants to set up another phone for the second step. This code allows it:`,
      notYou: PASSWORD_KNOWN,
    },
  },
  asked(address, service) {
    const from =
      address === null
        ? 'It was asked for from an address that is not known'
        : `It was asked for from ${address}`;
    return service === null ? `${from}.` : `${from}, for the service "${service}".`;
  },
  valid: (minutes, until) =>
    `It works once, for ${minutes} minute${minutes === 1 ? '' : 's'}: until ${until}.`,
  notices: {
    'two-factor-on': {
      subject: (host) => `Two-factor is on: ${host}`,
      opening: ({ host }) => `Two-factor was switched on for your account on ${host}.`,
      notYou: SIGN_IN,
    },
    'two-factor-off': {
      subject: (host) => `Two-factor is off: ${host}`,
      opening: ({ host }) =>
        `Two-factor was switched off for your account on ${host}. From now on your password alone lets in.`,
      notYou: SIGN_IN,
    },
    'two-factor-reset': {
      subject: (host) => `Two-factor was reset: ${host}`,
      opening: ({ host }) =>
        `The second step of your account on ${host} was taken away. It has to be set up anew.`,
      notYou: 'If you did not ask for it, talk to the administrator of this NAS at once.',
    },
    'phone-replaced': {
      subject: (host) => `Another phone on ${host}`,
      opening: ({ host }) =>
        `Another phone was set up for the second step of your account on ${host}. The old one does not count any more.`,
      notYou: SETTINGS,
    },
    'device-trusted': {
      subject: (host) => `A new trusted device on ${host}`,
      opening: ({ host, name }) =>
        `The device "${name ?? 'without a name'}" is trusted on ${host} now: it is not asked for a second step.`,
      notYou: SETTINGS,
    },
    'device-theft': {
      subject: (host) => `A trusted device was copied: ${host}`,
      opening: ({ host, name }) =>
        `The token of your trusted device "${name ?? 'without a name'}" was used a second time on ${host}, as a stolen copy would be. The device is not trusted any more.`,
      notYou: 'Check that device for malicious software, and change your password.',
    },
    'devices-revoked': {
      subject: (host) => `Devices are not trusted any more: ${host}`,
      opening: ({ host, count }) =>
        `${count === undefined || count === 1 ? 'A device is' : `${count} devices are`} not trusted any more on ${host}, and will be asked for the second step.`,
      notYou: SETTINGS,
    },
    'recovery-code-used': {
      subject: (host) => `A recovery code was used on ${host}`,
      opening: ({ host, count }) =>
        `Somebody logged in to ${host} as you with a recovery code.${count === undefined ? '' : ` You have ${count} left.`}`,
      notYou:
        'If it was not you, somebody has your password and your recovery codes: change the password and make new codes at once.',
    },
    'recovery-codes-renewed': {
      subject: (host) => `New recovery codes on ${host}`,
      opening: ({ host }) =>
        `New recovery codes were made for your account on ${host}. The old ones do not count any more.`,
      notYou: SETTINGS,
    },
    'pass-issued': {
      subject: (host) => `A one-time pass was issued on ${host}`,
      opening: ({ host }) =>
        `The administrator issued a pass that completes one login of your account on ${host} in place of the second step, within 24 hours.`,
      notYou: 'If you did not ask for it, talk to the administrator of this NAS at once.',
    },
    failures: {
      subject: (host) => `Wrong codes for your account on ${host}`,
      opening: ({ host, count }) =>
        `The second step of your account on ${host} failed ${count ?? 'several'} times in a row, after the right password. Nobody was let in by it.`,
      notYou: 'If it was not you, somebody knows your password: change it now.',
    },
    'address-set': {
      subject: (host) => `Your Security Email on ${host}`,
      opening: ({ host }) =>
        `This address is the Security Email of your account on ${host} now. Codes that get you back in are sent here.`,
      notYou: SETTINGS,
    },
    'address-changed': {
      subject: (host) => `Your Security Email was changed: ${host}`,
      opening: ({ host, name }) =>
        `The Security Email of your account on ${host} is ${name ?? 'another address'} now. No more codes are sent to this address.`,
      notYou: SETTINGS,
    },
    'address-removed': {
      subject: (host) => `Your Security Email was removed: ${host}`,
      opening: ({ host }) =>
        `Your account on ${host} has no Security Email any more. No more codes are sent to this address.`,
      notYou: SETTINGS,
    },
    'password-reset': {
      subject: (host) => `Your password is being reset: ${host}`,
      opening: ({ host }) =>
        `A new password may be set for your account on ${host}, with a code that was sent to your mailbox. For 72 hours the mailbox alone passes no second step.`,
      notYou:
        'If it was not you, somebody reads your mail: secure the mailbox first, then ask the administrator of this NAS for help.',
    },
    'mail-changed': {
      subject: (host) => `The mail settings of ${host} were changed`,
      opening: ({ host }) => `The way ${host} sends mail was changed. Codes go out through the new server.`,
      notYou: 'If no administrator did this, look at the settings at once.',
    },
    'policy-changed': {
      subject: (host) => `Who has to use two-factor was changed: ${host}`,
      opening: ({ host }) => `The rule who has to use two-factor on ${host} was changed.`,
      notYou: 'If no administrator did this, look at the settings at once.',
    },
  },
  happened(at, { address, actor, reason, times }) {
    return [
      `When: ${at}`,
      ...(address ? [`From: ${address}`] : []),
      ...(actor ? [`By: ${actor}`] : []),
      ...(reason ? [`Reason given: ${reason}`] : []),
      ...(times > 1 ? [`It happened ${times} times since the last letter; this is the latest.`] : []),
    ];
  },
  signed: (host, issuer) =>
    `${issuer}, on the NAS "${host}". This letter was written by a program; answers are not read.`,
};
