// Owns what the status warns of in Chinese; in English it is said as the daemon says it.

import type { WarningCode } from '../../wire/warning.ts';

/** What is wrong, and what to do. */
export const WARNINGS_ZH: Readonly<Record<WarningCode, readonly [text: string, hint: string]>> = {
  'roster-unwritable': [
    '名册文件无法写入，因此无人能够启用双重验证，恢复码也无法使用。',
    '请使 /etc/fygo-2fa 对守护进程可写，并检查剩余空间。',
  ],
  'roster-invalid': [
    '名册文件不是由此守护进程写入的，或已损坏。其中的名称已保留，并已写入新文件。',
    '请查明是谁更改了旁边的 roster.broken，然后删除该文件。',
  ],
  'store-full': ['保存状态的存储已满。登录不受影响，但无人能够启用双重验证。', '请至少腾出 1 MiB 空间。'],
  'store-read-only': [
    '保存状态的存储无法写入。登录仍可进行，但仅保存在内存中；无法启用双重验证或更改设置。如果 NAS 现在重启，恢复码将失效，所有人都需要连续两个验证码。',
    '请用“fygo-2fa backup 文件”将状态备份到其他存储，更换此存储，然后恢复。',
  ],
  'store-unwritable': [
    '最近一次更改没有写入存储，等待它的登录已被拒绝。',
    '请检查状态文件夹所在存储的剩余空间和健康状况。',
  ],
  'store-recovered': [
    '数据库曾损坏或丢失，已由守护进程自己的备份代替。备份之后的更改已丢失：设置、新手机和活动记录。',
    '请检查存储。被锁定的用户请用 fygo-2fa user reset 用户名 --delete 重置，然后删除状态文件夹中的 recovered.json 和 state.db.damaged。',
  ],
  'clock-below-floor': [
    '系统时钟显示的是一个已经过去的时间，因此登录时一个验证码还不够。',
    '请设置时间 (timedatectl set-time)，或让 NAS 连接时间服务器。在此之前：需要连续三个验证码，或一个恢复码。',
  ],
  'clock-alarm': [
    '各时间服务器给出了一个不可能的时间，因此未被采信：可能有人在伪造时间。',
    '请在“系统时间”中查看，并与可信的时钟比较。如果服务器是对的，由 root 运行 fygo-2fa clock check --accept。',
  ],
  'clock-holdover': [
    '一致的时间服务器不足，时间从上次一致时起自行走时；验证码照常判断。',
    '请检查 NAS 能否访问互联网，以及哪些服务器有响应（“系统时间”）。',
  ],
  'clock-unsynchronised': [
    '一致的时间服务器不足，因此按本机时钟判断验证码。如果时钟不准，正确的验证码也会被拒绝。',
    '请检查 NAS 能否访问互联网，或在 config.toml 中指定您自己的时间服务器。',
  ],
  'clock-off': [
    '系统时钟不准。登录仍按正确的时间判断，但文件和日志的时间不对。',
    '请在“系统时间”中校正，并开启自动同步。',
  ],
  'mail-not-configured': [
    '尚未设置邮件服务器，因此无法向任何人发送验证码；丢失手机和恢复码的人需要管理员帮助。',
    '请在“邮件服务”中设置，并发送测试邮件。',
  ],
  'mail-needs-clock': [
    '邮件无法发送，因此收不到验证码：时钟是否正确尚不确定，无法判断邮件服务器的证书。',
    '请先校正时间（“系统时间”）。时间正确后邮件会立即发出。',
  ],
  'mail-not-working': ['邮件无法发送，因此收不到验证码。', '原因和解决办法见“邮件服务”。'],
  'users-not-ready': [
    '有用户今天若没有手机就无法登录：恢复码已用完，也没有能收到验证码的安全邮箱。',
    '请他们在个人设置中生成新的恢复码并设置安全邮箱；或由您运行 fygo-2fa user recovery-codes 用户名。',
  ],
};

/** Those whose names and dates are in the daemon's own words alone. */
export const TOLD_IN_FULL: ReadonlySet<string> = new Set<WarningCode>(['store-recovered']);
