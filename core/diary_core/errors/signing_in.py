"""Errors of signing in to a diary, and of a session that has ended."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.errors.root import Actor, DiaryError, Retry


class SignInAgain(DiaryError):
    """The connection needs its owner; its children and their history stay."""

    actor = Actor.PARENT
    retry = Retry.AFTER_REMEDY


class LoginRequired(SignInAgain):
    """The diary has ended the session and it cannot be renewed without the parent."""

    code = "login_required"
    title = Bilingual("Дневник завершил сеанс", "The diary has ended the session")
    remedy = Bilingual(
        "Войдите в дневник ещё раз: дети и история останутся на месте.",
        "Sign in to the diary again: the children and their history stay.",
    )


class ConnectionRevoked(SignInAgain):
    """The parent, or the diary on the parent's behalf, has withdrawn the link."""

    code = "connection_revoked"
    title = Bilingual("Доступ к дневнику отозван", "Access to the diary was withdrawn")
    remedy = Bilingual("Подключите дневник заново.", "Link the diary again.")


class SignInFailed(DiaryError):
    """A sign-in ended without a link; nothing else has changed."""

    actor = Actor.PARENT
    retry = Retry.AFTER_REMEDY


class WrongCredentials(SignInFailed):
    """The login or the password was refused."""

    code = "wrong_credentials"
    title = Bilingual("Неверный логин или пароль", "Wrong login or password")
    remedy = Bilingual(
        "Проверьте раскладку и попробуйте ещё раз; новый пароль выдаёт классный руководитель.",
        "Check the keyboard layout and try again; the class teacher issues a new password.",
    )


class SignInLocked(SignInFailed):
    """The diary refuses further tries for a while."""

    code = "sign_in_locked"
    title = Bilingual("Слишком много попыток входа", "Too many sign-in attempts")
    remedy = Bilingual(
        "Подождите, пока дневник снимет блокировку, или восстановите пароль на его сайте.",
        "Wait until the diary lifts the lock, or recover the password on its own site.",
    )
    retry = Retry.LATER


class WrongCode(SignInFailed):
    """The one-time code was refused."""

    code = "wrong_code"
    title = Bilingual("Неверный код подтверждения", "Wrong confirmation code")
    remedy = Bilingual("Введите последний присланный код.", "Enter the latest code you were sent.")


class CodeExpired(SignInFailed):
    """The one-time code, or the authorization code behind it, is too old."""

    code = "code_expired"
    title = Bilingual("Код подтверждения устарел", "The confirmation code has expired")
    remedy = Bilingual(
        "Начните вход заново; если код вам присылали, дождитесь нового.",
        "Start again; if a code was sent to you, wait for a new one.",
    )


class CaptchaRequired(SignInFailed):
    """The diary wants a picture solved, which only its own page can show."""

    code = "captcha_required"
    title = Bilingual("Дневник просит ввести символы с картинки", "The diary asks for a captcha")
    remedy = Bilingual(
        "Выберите вход через страницу дневника или Госуслуги.",
        "Choose to sign in through the diary's own page or Gosuslugi.",
    )


class SecondFactorRequired(SignInFailed):
    """The account needs a second factor that this method cannot carry."""

    code = "second_factor_required"
    title = Bilingual("Нужен второй шаг подтверждения", "A second factor is needed")
    remedy = Bilingual(
        "Войдите через страницу дневника: там можно подтвердить вход.",
        "Sign in through the diary's own page, where the second step can be confirmed.",
    )


class NotEnoughData(SignInFailed):
    """The school's record and the parent's account do not agree, so the diary does not know the parent."""

    code = "not_enough_data"
    title = Bilingual("Недостаточно данных для доступа к дневнику", "Not enough data for access to the diary")
    remedy = Bilingual(
        "Почта, телефон или СНИЛС в школе не совпадают с вашей учётной записью: "
        "передайте классному руководителю те, что указаны в ней.",
        "The e-mail, phone or SNILS at school differs from your account: "
        "give the class teacher the ones from your account.",
    )
    actor = Actor.SCHOOL


class ContactsMissing(SignInFailed):
    """The parent's city account lacks the СНИЛС, phone or e-mail the diary matches by."""

    code = "contacts_missing"
    title = Bilingual("Заявление не может быть подано", "The application cannot be submitted")
    remedy = Bilingual(
        "Добавьте в свою учётную запись СНИЛС, телефон и почту и повторите вход.",
        "Add your SNILS, phone and e-mail to your account and sign in again.",
    )


class NoDiaryAccount(SignInFailed):
    """The sign-in is right, but no diary profile hangs on it."""

    code = "no_diary_account"
    title = Bilingual("У этой учётной записи нет дневника", "This account has no diary")
    remedy = Bilingual(
        "Попросите школу открыть доступ родителю или войдите под другой учётной записью.",
        "Ask the school to open parental access, or sign in with another account.",
    )
    actor = Actor.SCHOOL


class ActivationRequired(SignInFailed):
    """The temporary credentials were never activated on the diary's own site."""

    code = "activation_required"
    title = Bilingual("Учётная запись не активирована", "The account is not activated")
    remedy = Bilingual(
        "Войдите один раз на сайте дневника: подтвердите данные и смените временный пароль.",
        "Sign in once on the diary's own site: confirm your data and replace the temporary password.",
    )


class PasswordChangeRequired(SignInFailed):
    """The diary insists on a new password first."""

    code = "password_change_required"
    title = Bilingual("Дневник требует сменить пароль", "The diary demands a new password")
    remedy = Bilingual(
        "Смените пароль на сайте дневника и войдите с новым.",
        "Change the password on the diary's site and sign in with the new one.",
    )


class ChildLeftSchool(SignInFailed):
    """No child of this account is enrolled any more."""

    code = "child_left_school"
    title = Bilingual("Ребёнок больше не числится в школе", "The child is no longer enrolled")
    remedy = Bilingual(
        "Если ребёнок перешёл в другую школу, возьмите доступ там.",
        "If the child has changed school, ask for access at the new one.",
    )
    actor = Actor.SCHOOL


class ConsentRefused(SignInFailed):
    """The parent pressed «no» on the consent page."""

    code = "consent_refused"
    title = Bilingual("Доступ не предоставлен", "Consent was not given")
    remedy = Bilingual(
        "Начните вход заново и нажмите «Предоставить».", "Start again and press the button that gives access."
    )


class AccountNotLinked(SignInFailed):
    """The state identity is known, but the diary has not tied it to a profile yet."""

    code = "account_not_linked"
    title = Bilingual("Госуслуги ещё не связаны с дневником", "Gosuslugi is not tied to the diary yet")
    remedy = Bilingual(
        "Введите логин и пароль дневника один раз: связь сохранится.",
        "Enter the diary's own login and password once: the tie is kept.",
    )


class IdentityMismatch(SignInFailed):
    """The person behind the diary is not the one who signed in."""

    code = "identity_mismatch"
    title = Bilingual("Дневник принадлежит другому человеку", "The diary belongs to another person")
    remedy = Bilingual(
        "Войдите своей учётной записью или попросите школу исправить ФИО и СНИЛС.",
        "Sign in with your own account, or ask the school to correct the name and SNILS.",
    )
    actor = Actor.SCHOOL


class OwnerUnproven(SignInFailed):
    """The diary tells too little of its owner to compare with the person who owns the account."""

    code = "owner_unproven"
    title = Bilingual("Дневник не сообщает, чей он", "The diary does not tell whose it is")
    remedy = Bilingual(
        "Войдите один раз логином и паролем самого дневника: подключение запомнит, что он ваш.",
        "Sign in once with the diary's own login and password: the link remembers that it is yours.",
    )


class NamesClose(SignInFailed):
    """The diary's person has the owner's СНИЛС, and the names are alike but not the same."""

    code = "names_close"
    title = Bilingual(
        "Имя в дневнике и на Госуслугах записано немного по-разному",
        "The name at the diary and at Gosuslugi is written a little differently",
    )
    remedy = Bilingual(
        "Введите свою дату рождения: так мы убедимся, что дневник ваш.",
        "Enter your own date of birth: it shows that the diary is yours.",
    )


class BirthDateWrong(SignInFailed):
    """The birth date that was typed is not the one on record."""

    code = "birth_date_wrong"
    title = Bilingual("Дата рождения не совпала", "The date of birth does not match")
    remedy = Bilingual(
        "Введите свою дату рождения, не ребёнка, как в паспорте: день, месяц, год.",
        "Enter your own date of birth, not the child's, as in your passport.",
    )


class IdentityTooWeak(SignInFailed):
    """The level of the state account is not enough for this."""

    code = "identity_too_weak"
    title = Bilingual("Уровня учётной записи недостаточно", "The account level is too low")
    remedy = Bilingual(
        "Подтвердите учётную запись на Госуслугах и повторите вход, или войдите логином самого дневника.",
        "Confirm your Gosuslugi account and sign in again, or sign in with the diary's own login.",
    )


class TokenRefused(SignInFailed):
    """A token brought by the parent does not open the diary."""

    code = "token_refused"
    title = Bilingual("Токен не подошёл", "The token was refused")
    remedy = Bilingual(
        "Скопируйте токен из дневника ещё раз: он мог устареть.",
        "Copy the token from the diary again: it may have expired.",
    )


class SignInExpired(SignInFailed):
    """The unfinished sign-in is too old, was finished, or was dropped."""

    code = "sign_in_expired"
    title = Bilingual("Этот вход больше не действует", "This sign-in is no longer valid")
    remedy = Bilingual(
        "Его время истекло, или он уже закончен: начните вход заново.",
        "Its time is over, or it was finished already: start the sign-in again.",
    )


class SignInMismatch(SignInFailed):
    """The answer came from another browser, or with a state we did not give out."""

    code = "sign_in_mismatch"
    title = Bilingual("Вход начат в другом браузере", "The sign-in was started in another browser")
    remedy = Bilingual(
        "Начните вход заново в этом браузере; cookie в нём должны быть разрешены. "
        "Чужие ссылки входа не открывайте.",
        "Start again in this browser, with cookies allowed, and do not open sign-in links from others.",
    )


class SignInRejected(SignInFailed):
    """The diary or the identity service ended the sign-in for a reason it did not explain."""

    code = "sign_in_rejected"
    title = Bilingual("Вход не принят", "The sign-in was rejected")
    remedy = Bilingual(
        "Попробуйте ещё раз или выберите другой способ входа.", "Try again or choose another way to sign in."
    )
