"""The sign-in site: the form, consent to applications, and the pages around them."""
