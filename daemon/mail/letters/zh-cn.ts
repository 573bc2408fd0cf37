// Owns the letters in Simplified Chinese.

import type { Words } from './words.ts';

const PASSWORD_KNOWN =
  '如果不是您本人操作，说明有人知道您的密码：请立即修改密码。无论谁向您索要验证码，都不要告诉他。';
const SIGN_IN = '如果不是您本人操作，请登录并修改密码，或立即联系此 NAS 的管理员。';
const SETTINGS =
  '如果不是您本人操作，说明有人正以您的身份登录：请修改密码并检查“个人设置”，或立即联系此 NAS 的管理员。';

export const zhCn: Words = {
  greeting: (name) => `${name}，您好！`,
  codes: {
    'emergency-code': {
      subject: (host) => `${host} 紧急验证码`,
      opening: (host) => `有人使用您的密码登录 ${host}，但无法使用您的手机。此验证码用于完成该次登录：`,
      notYou: PASSWORD_KNOWN,
    },
    'password-reset-code': {
      subject: (host) => `${host} 密码重置`,
      opening: (host) => `有人请求为您在 ${host} 上的账户设置新密码。此验证码用于允许该操作：`,
      notYou: '如果不是您本人操作，请忽略此邮件：您的密码不会改变。无论谁向您索要验证码，都不要告诉他。',
    },
    'confirm-address': {
      subject: (host) => `确认您在 ${host} 上的安全邮箱`,
      opening: (host) => `此地址将成为您在 ${host} 上账户的安全邮箱。此验证码用于确认：`,
      notYou: '如果您对此不知情，请忽略此邮件：在输入验证码之前，该地址不会生效。',
    },
    'replace-phone-code': {
      subject: (host) => `${host} 更换手机验证码`,
      opening: (host) =>
        `有人以您的身份登录了 ${host}，并希望更换用于第二步验证的手机。此验证码用于允许该操作：`,
      notYou: PASSWORD_KNOWN,
    },
  },
  asked(address, service) {
    const from = address === null ? '请求来自未知地址' : `请求来自 ${address}`;
    return service === null ? `${from}。` : `${from}，服务：“${service}”。`;
  },
  valid: (minutes, until) => `验证码只能使用一次，${minutes} 分钟内有效：至 ${until}。`,
  notices: {
    'two-factor-on': {
      subject: (host) => `双重验证已开启：${host}`,
      opening: ({ host }) => `您在 ${host} 上的账户已开启双重验证。`,
      notYou: SIGN_IN,
    },
    'two-factor-off': {
      subject: (host) => `双重验证已关闭：${host}`,
      opening: ({ host }) => `您在 ${host} 上的账户已关闭双重验证。从现在起，仅凭密码即可登录。`,
      notYou: SIGN_IN,
    },
    'two-factor-reset': {
      subject: (host) => `双重验证已重置：${host}`,
      opening: ({ host }) => `您在 ${host} 上账户的第二步验证已被移除，需要重新设置。`,
      notYou: '如果不是您要求的，请立即联系此 NAS 的管理员。',
    },
    'phone-replaced': {
      subject: (host) => `${host} 已更换手机`,
      opening: ({ host }) => `您在 ${host} 上账户的第二步验证已改用另一部手机，原手机不再有效。`,
      notYou: SETTINGS,
    },
    'device-trusted': {
      subject: (host) => `${host} 新增受信任设备`,
      opening: ({ host, name }) => `设备“${name ?? '未命名'}”现已受 ${host} 信任：登录时不再要求第二步验证。`,
      notYou: SETTINGS,
    },
    'device-theft': {
      subject: (host) => `受信任设备被复制：${host}`,
      opening: ({ host, name }) =>
        `您的受信任设备“${name ?? '未命名'}”的令牌在 ${host} 上被再次使用，疑似被盗副本。该设备已不再受信任。`,
      notYou: '请检查该设备是否有恶意软件，并修改密码。',
    },
    'devices-revoked': {
      subject: (host) => `设备不再受信任：${host}`,
      opening: ({ host, count }) => `${count ?? 1} 台设备在 ${host} 上不再受信任，登录时将要求第二步验证。`,
      notYou: SETTINGS,
    },
    'recovery-code-used': {
      subject: (host) => `${host} 上使用了恢复码`,
      opening: ({ host, count }) =>
        `有人使用恢复码以您的身份登录了 ${host}。${count === undefined ? '' : `您还剩 ${count} 个恢复码。`}`,
      notYou: '如果不是您本人操作，说明有人掌握了您的密码和恢复码：请立即修改密码并重新生成恢复码。',
    },
    'recovery-codes-renewed': {
      subject: (host) => `${host} 已生成新的恢复码`,
      opening: ({ host }) => `您在 ${host} 上的账户已生成新的恢复码，原恢复码不再有效。`,
      notYou: SETTINGS,
    },
    'pass-issued': {
      subject: (host) => `${host} 已签发一次性通行码`,
      opening: ({ host }) =>
        `管理员为您在 ${host} 上的账户签发了一次性通行码，24 小时内可代替第二步验证完成一次登录。`,
      notYou: '如果不是您要求的，请立即联系此 NAS 的管理员。',
    },
    failures: {
      subject: (host) => `您在 ${host} 上的账户验证码错误`,
      opening: ({ host, count }) =>
        `您在 ${host} 上的账户在密码正确之后，第二步验证连续失败 ${count ?? '多'} 次。没有人因此登录成功。`,
      notYou: '如果不是您本人操作，说明有人知道您的密码：请立即修改密码。',
    },
    'address-set': {
      subject: (host) => `您在 ${host} 上的安全邮箱`,
      opening: ({ host }) =>
        `此地址现在是您在 ${host} 上账户的安全邮箱。帮助您恢复登录的验证码将发送到这里。`,
      notYou: SETTINGS,
    },
    'address-changed': {
      subject: (host) => `您的安全邮箱已更改：${host}`,
      opening: ({ host, name }) =>
        `您在 ${host} 上账户的安全邮箱现在是 ${name ?? '另一个地址'}。验证码不再发送到此地址。`,
      notYou: SETTINGS,
    },
    'address-removed': {
      subject: (host) => `您的安全邮箱已移除：${host}`,
      opening: ({ host }) => `您在 ${host} 上的账户不再有安全邮箱。验证码不再发送到此地址。`,
      notYou: SETTINGS,
    },
    'password-reset': {
      subject: (host) => `您的密码正在重置：${host}`,
      opening: ({ host }) =>
        `有人使用发送到您邮箱的验证码，获准为您在 ${host} 上的账户设置新密码。72 小时内，仅凭邮箱不能通过第二步验证。`,
      notYou: '如果不是您本人操作，说明有人能读取您的邮件：请先保护邮箱，再联系此 NAS 的管理员。',
    },
    'mail-changed': {
      subject: (host) => `${host} 的邮件设置已更改`,
      opening: ({ host }) => `${host} 发送邮件的方式已更改，验证码将通过新的服务器发送。`,
      notYou: '如果不是管理员操作的，请立即检查设置。',
    },
    'policy-changed': {
      subject: (host) => `双重验证的要求已更改：${host}`,
      opening: ({ host }) => `${host} 上哪些用户必须使用双重验证的规则已更改。`,
      notYou: '如果不是管理员操作的，请立即检查设置。',
    },
  },
  happened(at, { address, actor, reason, times }) {
    return [
      `时间：${at}`,
      ...(address ? [`来自：${address}`] : []),
      ...(actor ? [`操作者：${actor}`] : []),
      ...(reason ? [`理由：${reason}`] : []),
      ...(times > 1 ? [`自上一封邮件以来共发生 ${times} 次，这是最近一次。`] : []),
    ];
  },
  signed: (host, issuer) => `${issuer}，来自 NAS“${host}”。此邮件由程序自动发送，请勿回复。`,
};
