"""What teachers and pupils may do and a parent may not: known operations, always refused."""

from typing import NoReturn

from diary_sandbox.dnevnik import scopes
from diary_sandbox.dnevnik.call import OwnCall
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import WireError

_TEACHERS = (
    ("POST", "lessons/{lesson}/log-entries"),
    ("PUT", "lessons/{lesson}/log-entries"),
    ("DELETE", "lessons/{lesson}/log-entries"),
    ("POST", "lesson-log-entries"),
    ("PUT", "lesson-log-entries"),
    ("DELETE", "lesson-log-entries"),
    ("POST", "works"),
    ("PUT", "works/{work}"),
    ("DELETE", "works/{work}"),
    ("POST", "works/{work}/marks"),
    ("POST", "works/{work}/persons/{person}/status"),
    ("POST", "lessons"),
    ("PUT", "lessons/{lesson}"),
    ("DELETE", "lessons/{lesson}"),
    ("PUT", "marks/{mark}"),
    ("DELETE", "marks/{mark}"),
    ("PUT", "tasks/{task}"),
)
_UPLOADS = (
    "files/async/upload",
    "files/async/upload/base64",
    "folder/{folder}/files/async/upload",
    "folder/{folder}/files/async/upload/base64",
)


def _refuse(call: OwnCall) -> NoReturn:
    del call  # whoever asks
    raise WireError("systemForbidden", "The operation is forbidden for this role")


ENDPOINTS = (
    *(Endpoint(method, path, _refuse) for method, path in _TEACHERS),
    *(Endpoint("POST", path, _refuse, (scopes.FILES,)) for path in _UPLOADS),
)
