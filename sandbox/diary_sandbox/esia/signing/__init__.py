"""Signatures of ЕСИА and of the systems that ask it: GOST and RSA, certificates, detached CMS."""
