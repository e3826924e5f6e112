"""What a system may ask for, and how the consent page says it.

Source: scopes seen in public clients; the Digital Profile's `kid_school_data` is named by one of them only.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

_WORDS = {
    "openid": "вход по вашей учётной записи",
    "fullname": "фамилия, имя, отчество",
    "birthdate": "дата рождения",
    "birthplace": "место рождения",
    "gender": "пол",
    "citizenship": "гражданство",
    "snils": "СНИЛС",
    "inn": "ИНН",
    "id_doc": "документ, удостоверяющий личность",
    "birth_cert_doc": "свидетельство о рождении",
    "drivers_licence_doc": "водительское удостоверение",
    "medical_doc": "полис ОМС",
    "military_doc": "военный билет",
    "foreign_passport_doc": "заграничный паспорт",
    "residence_doc": "вид на жительство",
    "temporary_residence_doc": "разрешение на временное проживание",
    "vehicles": "транспортные средства",
    "email": "адрес электронной почты",
    "mobile": "номер мобильного телефона",
    "contacts": "контактные данные",
    "addresses": "адреса проживания и регистрации",
    "usr_org": "организации, в которых вы работаете",
    "usr_avt": "фотография профиля",
    "self_employed": "статус самозанятого",
    "kid_fullname": "дети: фамилия, имя, отчество",
    "kid_birthdate": "дети: дата рождения",
    "kid_gender": "дети: пол",
    "kid_snils": "дети: СНИЛС",
    "kid_inn": "дети: ИНН",
    "kid_birth_cert_doc": "дети: свидетельство о рождении",
    "kid_medical_doc": "дети: полис ОМС",
    "kid_school_data": "дети: школа, отметки и посещаемость",
}
SECOND_FACTOR_SCOPE: Final = "sandbox_second_factor"
"""Ours: refusal 007046 speaks of a scope that demands a second factor, and does not name it."""
ORG_SCOPES: Final = frozenset(
    f"org_{name}" for name in ("shortname", "fullname", "type", "ogrn", "inn", "leg", "kpp", "ctts", "addrs")
)
WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **_WORDS,
        SECOND_FACTOR_SCOPE: "вход с подтверждением",
        **dict.fromkeys(ORG_SCOPES, "данные организации"),
    }
)
DIARY_SCOPES: Final = (
    "openid",
    "fullname",
    "snils",
    "birthdate",
    "gender",
    "birth_cert_doc",
    "kid_fullname",
    "kid_birthdate",
    "kid_snils",
    "kid_birth_cert_doc",
)
"""What school diaries were seen to ask for."""
DOCUMENT_SCOPES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id_doc": ("RF_PASSPORT", "FID_DOC"),
        "birth_cert_doc": ("RF_BRTH_CERT", "FID_BRTH_CERT", "OLD_BRTH_CERT"),
        "drivers_licence_doc": ("RF_DRIVING_LICENSE",),
        "medical_doc": ("MDCL_PLCY",),
        "military_doc": ("MLTR_ID",),
        "foreign_passport_doc": ("FRGN_PASS",),
    }
)


def with_oid(scopes: Iterable[str], oid: int) -> str:
    """Return scopes as tokens carry them: `openid fullname?oid=1000000001`."""
    return " ".join(scope if scope == "openid" else f"{scope}?oid={oid}" for scope in scopes)
