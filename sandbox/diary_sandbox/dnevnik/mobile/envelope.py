"""What every answer of the phone API is wrapped in."""

from diary_sandbox.dnevnik.call import Wire

SUBSCRIPTION = "NotActive"
"""Nobody in the town pays for the application."""


def success(body: Wire) -> Wire:
    """Return an answer with the envelope's fields first."""
    return {"type": "Success", "description": None, "mobileSubscriptionStatus": SUBSCRIPTION, **body}


def refusal(name: str, description: str) -> Wire:
    """Return a refusal that rides on a good HTTP status, as those of the log-in do."""
    return {"type": name, "description": description, "mobileSubscriptionStatus": None}
