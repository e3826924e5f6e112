"""Everything that can go wrong, sorted by what the caller should do next.

DiaryError
├── SignInAgain      the diary ended the session: sign in again, nothing is lost
├── SignInFailed     this sign-in did not work: do what the remedy says, then start anew
├── BadRequest       the request cannot be met as it is written: correct the named field
├── NotFound         there is no such thing for this account
├── GiveUp           it will not work here, however often it is tried
├── TryLater         the diary is in trouble: the same call may go through later
├── TellUs           the diary or the gateway is not what we thought: report it
└── OurDoor          the gateway's own door: session, scope, rate, conflict

Codes are stable: clients may switch on them.
HTTP statuses are not known here; the API maps them in one table.
Messages carry no token, no child's name and no upstream body.
"""

from __future__ import annotations

from diary_core.errors.asking import (
    BadRequest,
    ChildUnknown,
    ConnectionUnknown,
    InstanceUnknown,
    InvalidInput,
    MethodUnknown,
    NotFound,
    ProviderUnknown,
    RegionUnknown,
    SpanReversed,
    SpanTooLong,
)
from diary_core.errors.door import (
    AccountExists,
    Conflict,
    GatewayBusy,
    NotSignedIn,
    OurDoor,
    ScopeMissing,
    TooManyRequests,
    WrongSignIn,
)
from diary_core.errors.identity import (
    IdentityServiceChanged,
    IdentityServiceDown,
    IdentityTaken,
    IdentityUnproven,
    SecondFactorMissing,
)
from diary_core.errors.reading import (
    DisabledBySchool,
    GiveUp,
    InstanceRetired,
    Misconfigured,
    NotPermitted,
    NotSupported,
    PluginBroken,
    RegionBusy,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
    RegionNotServed,
    RegionResting,
    RegionSlow,
    TellUs,
    TryLater,
    Unexpected,
)
from diary_core.errors.root import (
    Actor,
    DiaryError,
    Retry,
)
from diary_core.errors.signing_in import (
    AccountNotLinked,
    ActivationRequired,
    CaptchaRequired,
    ChildLeftSchool,
    CodeExpired,
    ConnectionRevoked,
    ConsentRefused,
    ContactsMissing,
    IdentityMismatch,
    IdentityTooWeak,
    LoginRequired,
    NoDiaryAccount,
    NotEnoughData,
    PasswordChangeRequired,
    SecondFactorRequired,
    SignInAgain,
    SignInExpired,
    SignInFailed,
    SignInLocked,
    SignInMismatch,
    SignInRejected,
    TokenRefused,
    WrongCode,
    WrongCredentials,
)

__all__ = [
    "AccountExists",
    "AccountNotLinked",
    "ActivationRequired",
    "Actor",
    "BadRequest",
    "CaptchaRequired",
    "ChildLeftSchool",
    "ChildUnknown",
    "CodeExpired",
    "Conflict",
    "ConnectionRevoked",
    "ConnectionUnknown",
    "ConsentRefused",
    "ContactsMissing",
    "DiaryError",
    "DisabledBySchool",
    "GatewayBusy",
    "GiveUp",
    "IdentityMismatch",
    "IdentityServiceChanged",
    "IdentityServiceDown",
    "IdentityTaken",
    "IdentityTooWeak",
    "IdentityUnproven",
    "InstanceRetired",
    "InstanceUnknown",
    "InvalidInput",
    "LoginRequired",
    "MethodUnknown",
    "Misconfigured",
    "NoDiaryAccount",
    "NotEnoughData",
    "NotFound",
    "NotPermitted",
    "NotSignedIn",
    "NotSupported",
    "OurDoor",
    "PasswordChangeRequired",
    "PluginBroken",
    "ProviderUnknown",
    "RegionBusy",
    "RegionChanged",
    "RegionDown",
    "RegionMaintenance",
    "RegionNotServed",
    "RegionResting",
    "RegionSlow",
    "RegionUnknown",
    "Retry",
    "ScopeMissing",
    "SecondFactorMissing",
    "SecondFactorRequired",
    "SignInAgain",
    "SignInExpired",
    "SignInFailed",
    "SignInLocked",
    "SignInMismatch",
    "SignInRejected",
    "SpanReversed",
    "SpanTooLong",
    "TellUs",
    "TokenRefused",
    "TooManyRequests",
    "TryLater",
    "Unexpected",
    "WrongCode",
    "WrongCredentials",
    "WrongSignIn",
]
