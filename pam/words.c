// Owns what the person is told, in English and in Simplified Chinese.
// SPDX-License-Identifier: BSD-3-Clause
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

// A table and not gettext: a translation file that is missing or stale must not change what a login says.
static const char *const table[WORDS_COUNT][2] = {
    [ASK_CODE] = {"One-time password: ", "动态验证码："},
    [ASK_CODE_OR_RECOVERY] = {"One-time password (no phone? type a recovery code): ",
                              "动态验证码（手机不在身边？可输入恢复码）："},
    [ASK_CODE_RECOVERY_OR_MAIL] = {"One-time password (no phone? type a recovery code, or the word mail): ",
                                   "动态验证码（手机不在身边？可输入恢复码，或输入 mail 获取邮件验证码）："},
    [ASK_CODE_OR_MAIL] = {"One-time password (no phone? type the word mail): ",
                          "动态验证码（手机不在身边？可输入 mail 获取邮件验证码）："},
    [ASK_RECOVERY] = {"Recovery code: ", "恢复码："},
    [ASK_RECOVERY_OR_MAIL] = {"Recovery code (none left? type the word mail): ",
                              "恢复码（没有恢复码？可输入 mail 获取邮件验证码）："},
    [ASK_MAIL] = {"Type the word mail to get a code by mail: ", "输入 mail 获取邮件验证码："},
    [ASK_MAILED_CODE] = {"Code from the mail: ", "邮件中的验证码："},
    [ASK_PAIR] = {"First of two one-time passwords: ", "两个连续验证码中的第一个："},
    [ASK_TRIPLE] = {"First of three one-time passwords: ", "三个连续验证码中的第一个："},
    [ASK_NEXT_CODE] = {"The next one, as soon as the app shows it: ", "应用显示下一个验证码后，请输入："},
    [ASK_FIRST_CODE] = {"The code that the app shows now: ", "应用当前显示的验证码："},
    [ASK_RECOVERY_CODES_NOTED] = {"Press Enter when you have noted them: ", "记录完毕后请按回车键："},
    [SAY_PAIR] =
        {"At the moment two one-time passwords in a row are needed. Type both in one line, or one after the "
         "other. A recovery code works as always.",
         "目前需要连续两个验证码。可在同一行输入，也可逐个输入。恢复码仍可使用。"},
    [SAY_TRIPLE] =
        {"This system does not know the time, so three one-time passwords in a row are needed. Type them "
         "in one line, or one after the other. A recovery code works as always.",
         "系统时间不可靠，需要连续三个验证码。可在同一行输入，也可逐个输入。恢复码仍可使用。"},
    [SAY_EMPTY] =
        {"Nothing was typed. Open the authenticator app and type the code it shows for this system.",
         "没有输入任何内容。请打开验证器应用，输入其显示的验证码。"},
    [SAY_PASSWORD_TYPED] = {"That was the password again. Type the code that the authenticator app shows.",
                            "刚才输入的是密码。请输入验证器应用显示的验证码。"},
    [SAY_WAIT] = {"The next attempt counts in {1} s. Type the code; it is held until then.",
                  "{1} 秒后才能再次尝试。请输入验证码，系统会等到那时再提交。"},
    [SAY_LONG_WAIT] =
        {"Too many attempts failed: one-time passwords are looked at again in {1} s. A recovery code "
         "works at once.",
         "失败次数过多：{1} 秒后才会再次验证动态验证码。恢复码可立即使用。"},
    [SAY_TOO_MANY] = {"That was the last attempt of this login. Log in again to go on.",
                      "本次登录的尝试次数已用完，请重新登录。"},
    [SAY_SIX_DIGITS] = {"A one-time password has 6 digits. Nothing was counted; type it again.",
                        "动态验证码为 6 位数字。本次未计入失败，请重新输入。"},
    [SAY_SEARCHING] = {"Looking for the time that your phone shows. This can take some seconds.",
                       "正在查找手机显示的时间，可能需要几秒钟。"},
    [SAY_RESTARTED] =
        {"The two-factor service restarted meanwhile, so the code was not looked at. Type it again.",
         "双重验证服务刚刚重新启动，验证码尚未验证，请重新输入。"},
    [SAY_WRONG_CODE] = {"The code is wrong.", "验证码错误。"},
    [SAY_USED_CODE] = {"This code was used already. Wait until the app shows the next one.",
                       "该验证码已被使用，请等待应用显示下一个。"},
    [SAY_EXPIRED_CODE] = {"This code has expired. Type mail to get a new one.",
                          "该验证码已过期，输入 mail 可获取新的验证码。"},
    [SAY_FORM_REQUIRED] = {"One code is not enough at the moment; it was not looked at.",
                           "目前仅一个验证码不够，刚才的验证码未被验证。"},
    [SAY_LOGIN_CHANGED] =
        {"The password, the second factor or the rules changed during this login. Log in again.",
         "登录过程中密码、双重验证或策略已更改，请重新登录。"},
    [SAY_SUSPENDED] =
        {"One-time passwords are suspended for this account after many failures. Use a recovery code, "
         "or a device it was used on before; changing the password lifts it.",
         "此帐户失败次数过多，动态验证码已暂停使用。请使用恢复码或曾登录过的设备；更改密码后即可恢复。"},
    [SAY_CLOCK_UNSURE] =
        {"The code did not match, and this system is not sure of the time. Use a recovery code, or "
         "ask an administrator to check the system time.",
         "验证码不匹配，且系统时间不可靠。请使用恢复码，或请管理员检查系统时间。"},
    [SAY_MAIL_SENT] = {"A code was sent to {1}. It is valid for {2} minutes.",
                       "验证码已发送至 {1}，{2} 分钟内有效。"},
    [SAY_MAIL_QUEUED] =
        {"A code for {1} waits to be sent; the mail server has not taken it yet. It is valid for {2} "
         "minutes.",
         "发往 {1} 的验证码正在等待发送，{2} 分钟内有效。"},
    [SAY_NO_SECURITY_EMAIL] =
        {"There is no confirmed Security Email for this account, so no code can be mailed. Use "
         "a recovery code, or ask an administrator for a one-time pass.",
         "此帐户没有已确认的安全邮箱，无法发送验证码。请使用恢复码，或向管理员申请一次性通行码。"},
    [SAY_MAIL_RECENT_RESET] =
        {"The password was reset by mail recently, so the mailbox alone is not enough for now. "
         "Use the app or a recovery code, or ask an administrator.",
         "密码最近通过邮件重置过，暂时不能仅凭邮箱登录。请使用验证器应用或恢复码，或联系管理员。"},
    [SAY_MAIL_NOT_SET_UP] =
        {"This system cannot send mail. Use a recovery code, or ask an administrator for a "
         "one-time pass.",
         "系统未设置邮件服务。请使用恢复码，或向管理员申请一次性通行码。"},
    [SAY_MAIL_WAIT] = {"Another mail can be asked for in {1} s; the code of the last one still works.",
                       "{1} 秒后才能再次发送邮件；上一封邮件中的验证码仍然有效。"},
    [SAY_MAIL_FAILED] =
        {"No mail was sent: the two-factor service could not do it now. Use the app or a recovery "
         "code.",
         "邮件未发送：双重验证服务暂时无法处理。请使用验证器应用或恢复码。"},
    [SAY_ENROL] =
        {"This account has to set up two-factor authentication now. Open an authenticator app on your "
         "phone and scan this code:",
         "此帐户需要立即设置双重验证。请用手机上的验证器应用扫描此二维码："},
    [SAY_FLIP] =
        {"Does the app not see it? Type flip to swap dark and light, or type the key into the app by hand.",
         "无法识别？输入 flip 可反转黑白，也可在应用中手动输入密钥。"},
    [SAY_ACCOUNT] = {"Account:    {1} ({2})", "帐户：{1}（{2}）"},
    [SAY_KEY] = {"Secret Key: {1}", "密钥：{1}"},
    [SAY_ENROL_REFUSED] =
        {"Two-factor authentication cannot be set up in this login. Log in again, or ask an "
         "administrator.",
         "本次登录无法设置双重验证，请重新登录或联系管理员。"},
    [SAY_ENROLLED] = {"Two-factor authentication is on.", "双重验证已启用。"},
    [SAY_RECOVERY_CODES] =
        {"These recovery codes get you in without the phone, each one once. They are shown only "
         "now: write them down and keep them away from this system.",
         "手机不在身边时，可使用以下恢复码登录，每个只能使用一次。它们只显示这一次，请记录并妥善保管："},
    [SAY_GRACE] = {"This account has to set up two-factor authentication by {1}. Do it in Personal Settings.",
                   "此帐户必须在 {1} 前设置双重验证，请在个人设置中完成。"},
    [NOTICE_CODES_LOW] = {"Few recovery codes are left. Make new ones in Personal Settings.",
                          "剩余恢复码不多，请在个人设置中重新生成。"},
    [NOTICE_NO_EMAIL] =
        {"There is no Security Email for this account. Set one in Personal Settings, so that a lost "
         "phone does not keep you out.",
         "此帐户没有安全邮箱。请在个人设置中添加，以免手机丢失后无法登录。"},
    [NOTICE_PHONE_DRIFTS] = {"The phone's clock is not quite right. Switch its automatic time on.",
                             "手机时间不准确，请开启自动设置时间。"},
    [NOTICE_BOARD_CLOCK] =
        {"This system's clock is not right. An administrator should check the system time.",
         "系统时间不正确，请管理员检查系统时间。"},
    [DENY_UNKNOWN_USER] = {"The two-factor service does not know this user. Check the name and log in again.",
                           "双重验证服务不认识此用户，请检查用户名后重新登录。"},
    [DENY_IDENTITY_CHANGED] =
        {"This name belongs to another user id than when two-factor was set up. An "
         "administrator has to reset it: fygo-2fa user reset NAME",
         "此用户名的用户 ID 与启用双重验证时不同。请管理员重置：fygo-2fa user reset 用户名"},
    [DENY_STATE_LOST] =
        {"The second factor of this account was lost from the system, so nobody can be let in with "
         "it. An administrator has to restore a backup or reset it: fygo-2fa doctor",
         "此帐户的双重验证数据已丢失，无法登录。请管理员恢复备份或重置：fygo-2fa doctor"},
    [DENY_KEY_MISSING] = {"The key that protects second factors is missing, so no code can be checked. An "
                          "administrator sees what to do with: fygo-2fa doctor",
                          "保护双重验证数据的密钥丢失，无法验证。请管理员运行：fygo-2fa doctor"},
    [DENY_STORE] =
        {"The two-factor service cannot read its data, so no code can be checked. An administrator sees "
         "what to do with: fygo-2fa doctor",
         "双重验证服务无法读取数据，无法验证。请管理员运行：fygo-2fa doctor"},
    [DENY_DIRECTORY] =
        {"The user directory does not answer, so this name cannot be checked. Try again in a minute.",
         "用户目录没有响应，无法核对此用户名。请一分钟后重试。"},
    [DENY_RECENT_RESET] =
        {"The password was reset by mail recently, so two-factor cannot be set up from here yet. "
         "Ask an administrator for a one-time pass.",
         "密码最近通过邮件重置过，暂时不能在此设置双重验证。请向管理员申请一次性通行码。"},
    [DENY_OTHER] =
        {"The two-factor service refuses this login. An administrator sees why with: fygo-2fa audit",
         "双重验证服务拒绝了此次登录。管理员可运行 fygo-2fa audit 查看原因。"},
    [SAY_UNAVAILABLE] =
        {"The two-factor service does not answer, so nobody can be let in with it. Try again in a "
         "minute; an administrator sees why with: fygo-2fa doctor",
         "双重验证服务没有响应，暂时无法登录。请一分钟后重试；管理员可运行 fygo-2fa doctor 查看原因。"},
    [SAY_MISCONFIGURED] =
        {"Two-factor authentication is not set up correctly on this system, so nobody can be let in "
         "with it. An administrator finds the reason in the log of logins (authpriv).",
         "系统的双重验证配置有误，无法登录。管理员可在登录日志（authpriv）中查看原因。"},
    [SAY_TRUST_REMAINS] =
        {"The password was changed, but the two-factor service was not told: trusted devices are "
         "still trusted. Revoke them in Personal Settings.",
         "密码已更改，但未能通知双重验证服务：受信任的设备仍然有效，请在个人设置中撤销。"},
};

bool words_are_chinese(const char *locale) {
    if (locale == NULL || strncasecmp(locale, "zh", 2) != 0)
        return false;
    const char *rest = locale + 2;
    return rest[0] == '\0' || strncasecmp(rest, "-CN", 3) == 0 || strncasecmp(rest, "-SG", 3) == 0 ||
           strncasecmp(rest, "-Hans", 5) == 0;
}

char *words(bool chinese, enum word word, const char *first, const char *second) {
    const char *pattern = table[word][chinese ? 1 : 0];
    const char *values[] = {first == NULL ? "" : first, second == NULL ? "" : second};
    char *text = malloc(strlen(pattern) + strlen(values[0]) + strlen(values[1]) + 1);
    if (text == NULL)
        return NULL;
    char *to = text;
    for (const char *at = pattern; *at != '\0';) {
        if (at[0] == '{') {
            to = stpcpy(to, values[at[1] - '1']);
            at += strlen("{1}");
        } else {
            *to++ = *at++;
        }
    }
    *to = '\0';
    return text;
}
