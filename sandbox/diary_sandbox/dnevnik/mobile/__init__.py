"""The private API of the phone applications, as far as a parent's client may need it."""
