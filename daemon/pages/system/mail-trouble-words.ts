// Owns what a failure of mail is called in Chinese; in English it is called what the daemon calls it.

import type { MailTrouble } from '../../wire/mail-setting.ts';

/** What happened, and what to do. The server's own words come behind it. */
export const MAIL_TROUBLES_ZH: Readonly<Record<MailTrouble, readonly [text: string, hint: string]>> = {
  'no-address': [
    '找不到邮件服务器的名称。',
    '请检查服务器名称的拼写，并确认 NAS 已设置 DNS 服务器且能访问互联网。',
  ],
  unreachable: [
    '无法连接到邮件服务器。',
    '请检查端口（TLS 为 465，STARTTLS 为 587），并确认防火墙或网络运营商没有屏蔽该端口。',
  ],
  timeout: [
    '邮件服务器没有及时响应。',
    '请检查端口（TLS 为 465，STARTTLS 为 587），并确认没有被防火墙或网络运营商屏蔽。加密方式选错也会如此。',
  ],
  'not-smtp': [
    '该地址上响应的不是邮件服务器，或者它要求一开始就使用 TLS。',
    '请检查端口：465 选择 TLS，587 选择 STARTTLS。',
  ],
  'no-starttls': [
    '邮件服务器不支持 STARTTLS，因此没有发送任何内容：否则密码或验证码会在途中被读取。',
    '请选择 TLS（通常为端口 465），或在服务器上启用 STARTTLS。仅在可信网络中才可选择不加密。',
  ],
  'certificate-date': ['邮件服务器的证书已过期或尚未生效。', '请在服务器上更新证书；此 NAS 的时间是正确的。'],
  'mail-needs-clock': [
    '无法判断邮件服务器的证书，因为此 NAS 的时钟是否正确尚不确定。',
    '请先校正时间（“系统时间”）。时间正确后邮件会立即发出。',
  ],
  'certificate-untrusted': [
    '邮件服务器的证书不是由此 NAS 信任的机构签发的。',
    '如果是私有服务器，请在命令行用 --ca-file 指定其签发机构的证书文件。如果是公共服务器，可能有人在窃听：请不要继续。',
  ],
  'certificate-name': ['邮件服务器的证书属于另一个名称。', '请按证书中的名称填写服务器。'],
  'tls-failed': [
    '无法与邮件服务器建立加密连接。',
    '请检查端口和加密方式（465 为 TLS，587 为 STARTTLS）。仅支持 TLS 1.1 或更旧版本的服务器不被接受。',
  ],
  'sign-in-refused': [
    '邮件服务器拒绝登录。',
    '请检查用户名和密码。许多服务商要求使用应用专用密码；Gmail 需先开启两步验证，再生成 16 位应用专用密码。',
  ],
  'passwords-refused': [
    '邮件服务器不再接受此邮箱的密码登录，换密码也无济于事。',
    '请选择 Outlook.com 或 Microsoft 365 并为系统授权。在 Microsoft 365 中，管理员必须为此邮箱允许“经过身份验证的 SMTP”。',
  ],
  'sign-in-not-offered': [
    '邮件服务器在此连接上不提供登录。',
    '请选择 TLS 或 STARTTLS：大多数服务器不在未加密的连接上接受密码。如果无需登录，请将用户名留空。',
  ],
  'authorisation-ended': ['服务商已终止授权，或从未授权。', '请在“邮件服务”中重新登录服务商。'],
  'not-authorised': ['尚未在服务商处为系统授权。', '请在“邮件服务”中登录服务商。'],
  'authorisation-unreachable': [
    '服务商的登录服务没有给出可用的回复。',
    '请确认 NAS 能访问互联网，然后重试。',
  ],
  'sender-refused': ['邮件服务器不允许此用户使用所设置的发件人地址。', '请将发件人设置为所登录邮箱的地址。'],
  'recipient-refused': [
    '邮件服务器不接收发给此收件人的邮件。',
    '请检查地址的拼写。有些服务器在登录之前只投递给自己的用户。',
  ],
  rejected: ['邮件服务器拒绝了邮件本身。', '原因见服务器的回复：每日发信上限或过滤规则。请咨询服务商。'],
  later: [
    '邮件服务器暂缓接收，稍后会自动重试。',
    '无需操作。如果一直如此，原因见服务器的回复：灰名单或已达上限。',
  ],
  dropped: ['与邮件服务器的连接中断。', '会自动重试。如果一直如此，请检查网络和服务器的日志。'],
  'helper-failed': ['负责发送邮件的进程没有给出可用的结果。', '请查看 fygo-2fa 的日志。'],
};
